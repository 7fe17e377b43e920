using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json.Serialization;

namespace Tutti.Model.Manifest.Shapes;

/// <summary>The manifest's words for the values of an enumeration, the same as in JSON.</summary>
internal static class ChoiceWords<T> where T : struct, Enum
{
    private static readonly ImmutableDictionary<T, string> _words = Enum.GetValues<T>().ToImmutableDictionary(v => v, Word);
    private static readonly ImmutableDictionary<string, T> _values = _words.ToImmutableDictionary(p => p.Value, p => p.Key);

    public static string Of(T value) => _words[value];

    public static bool TryParse(string word, out T value) => _values.TryGetValue(word, out value);

    private static string Word(T value)
    {
        var field = typeof(T).GetField(value.ToString());
        return field?.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? value.ToString();
    }
}
