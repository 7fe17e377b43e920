using System.Collections.Immutable;

namespace Tutti.Model.Manifest.Yaml;

/// <summary>A path inside the document, rendered only where a problem needs it: <c>services.web.ports</c>, <c>routes[0].to</c>.</summary>
internal sealed class YamlPath(YamlPath? parent, string segment)
{
    private const int LongestSegment = 100;

    public static readonly YamlPath Root = new(null, "");

    public YamlPath Key(string key) => new(this, key);

    public YamlPath Item(int index) => new(this, $"[{index}]");

    public override string ToString()
    {
        var shown = segment.Length > LongestSegment ? segment[..LongestSegment] + "…" : segment;
        var before = parent?.ToString() ?? "";
        return before.Length == 0 || shown.StartsWith('[') ? before + shown : before + "." + shown;
    }
}

/// <summary>Where something stands: line and column from 1.</summary>
internal sealed record Place(int Line, int Column, YamlPath Path);

/// <summary>A value of the document, tied to its place.</summary>
internal abstract class YamlNode(Place place)
{
    public Place Place { get; } = place;

    /// <summary>Whether nothing was written: <c>key:</c>, <c>~</c> or <c>null</c>.</summary>
    public virtual bool IsNothing => false;
}

/// <summary>Text, a number, true, false or nothing.</summary>
internal sealed class YamlScalar(Place place, string value, bool plain) : YamlNode(place)
{
    public string Value { get; } = value;

    /// <summary>Written without quotes, so that <c>2</c> is a number and <c>true</c> a flag.</summary>
    public bool Plain { get; } = plain;

    public override bool IsNothing => Plain && (Value is "" or "~" or "null" or "Null" or "NULL");
}

/// <summary>A list.</summary>
internal sealed class YamlList(Place place, ImmutableArray<YamlNode> items) : YamlNode(place)
{
    public ImmutableArray<YamlNode> Items { get; } = items;
}

/// <summary>A map; its keys are text and each stands once.</summary>
internal sealed class YamlMap : YamlNode
{
    private readonly Dictionary<string, YamlEntry> _byKey;

    public YamlMap(Place place, ImmutableArray<YamlEntry> entries) : base(place)
    {
        Entries = entries;
        _byKey = entries.ToDictionary(e => e.Key, StringComparer.Ordinal);
    }

    public ImmutableArray<YamlEntry> Entries { get; }

    public YamlEntry? Entry(string key) => _byKey.GetValueOrDefault(key);

    public YamlNode? Find(string key) => Entry(key)?.Value;
}

/// <summary>One line of a map.</summary>
internal sealed record YamlEntry(string Key, Place KeyPlace, YamlNode Value);
