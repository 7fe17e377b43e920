using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tutti.Model;

namespace Tutti.Decisions.Versions;

/// <summary>Writes a value on one line as the manifest would: plain text, <c>[a, b]</c>, <c>{ min: 2, max: 6 }</c>.</summary>
internal static class ManifestText
{
    private static readonly SearchValues<char> _structural = SearchValues.Create(",[]{}\"'#\n\t");
    private static readonly SearchValues<char> _leading = SearchValues.Create("><|&*!%@` ");

    /// <summary>A whole field: a string stands as it is, without quotes.</summary>
    public static string Of(JsonNode node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : Inside(node);

    private static string Inside(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject { Count: 0 } => "{}",
        JsonObject part => $"{{ {string.Join(", ", part.Select(field => $"{Quoted(field.Key)}: {Inside(field.Value)}"))} }}",
        JsonArray list => $"[{string.Join(", ", list.Select(Inside))}]",
        JsonValue value when value.TryGetValue<string>(out var text) => Quoted(text),
        _ => node.ToJsonString(),
    };

    // Inside a list or a map a text needs quotes where it would otherwise read as something else.
    private static string Quoted(string text) =>
        text.Length == 0
        || text.AsSpan().ContainsAny(_structural)
        || _leading.Contains(text[0])
        || text.StartsWith("- ", StringComparison.Ordinal)
        || text.Contains(": ", StringComparison.Ordinal)
            ? JsonSerializer.Serialize(text, TuttiJson.Options)
            : text;
}
