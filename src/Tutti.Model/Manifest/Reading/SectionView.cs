using System.Collections.Immutable;
using System.Globalization;
using Tutti.Model.Manifest.Shapes;
using Tutti.Model.Manifest.Yaml;
using Tutti.Model.Quantities;

namespace Tutti.Model.Manifest.Reading;

/// <summary>The usable values of one section; what is missing or was refused reads as its default.</summary>
internal sealed class SectionView(YamlNode? node, ShapeChecker checker)
{
    private readonly YamlMap? _map = node as YamlMap;

    public bool Has(string key) => _map?.Entry(key) is not null;

    public bool IsMap(string key) => _map?.Find(key) is YamlMap;

    public SectionView Section(string key) => new(_map?.Find(key), checker);

    public string? Text(string key) => Scalar(_map?.Find(key));

    public bool Flag(string key, bool byDefault) => Text(key) is { } text ? text == "true" : byDefault;

    public int Number(string key, int byDefault) => OptionalNumber(key) ?? byDefault;

    public int? OptionalNumber(string key) => Text(key) is { } text ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : null;

    public TimeSpan Duration(string key, TimeSpan byDefault) => OptionalDuration(key) ?? byDefault;

    public TimeSpan? OptionalDuration(string key) => Durations.TryParse(Text(key), out var duration) ? duration : null;

    public Cpu? Cpu(string key) => Quantities.Cpu.TryParse(Text(key), out var cpu) ? cpu : null;

    public ByteSize? Size(string key) => ByteSize.TryParse(Text(key), out var size) ? size : null;

    public T Choice<T>(string key, T byDefault) where T : struct, Enum =>
        Text(key) is { } word && ChoiceWords<T>.TryParse(word, out var value) ? value : byDefault;

    /// <summary>Every item in its place; one that was refused reads as empty text, so that the others keep their index.</summary>
    public ImmutableArray<string> Texts(string key)
    {
        var items = (_map?.Find(key) as YamlList)?.Items ?? [];
        return [.. items.Select(item => Scalar(item) ?? "")];
    }

    public ImmutableArray<T> Each<T>(string key, Func<SectionView, T> read)
    {
        var items = (_map?.Find(key) as YamlList)?.Items ?? [];
        return [.. items.Select(item => read(new SectionView(item, checker)))];
    }

    public ImmutableSortedDictionary<string, T> Named<T>(string key, Func<SectionView, T> read)
    {
        var entries = (_map?.Find(key) as YamlMap)?.Entries ?? [];
        return entries.ToImmutableSortedDictionary(e => e.Key, e => read(new SectionView(e.Value, checker)));
    }

    public ImmutableSortedDictionary<string, string> NamedTexts(string key)
    {
        var entries = (_map?.Find(key) as YamlMap)?.Entries ?? [];
        var values = ImmutableSortedDictionary.CreateBuilder<string, string>();
        foreach (var entry in entries)
        {
            if (Scalar(entry.Value) is { } text)
            {
                values[entry.Key] = text;
            }
        }

        return values.ToImmutable();
    }

    private string? Scalar(YamlNode? value) =>
        value is YamlScalar { IsNothing: false } scalar && checker.IsUsable(scalar) ? scalar.Value : null;
}
