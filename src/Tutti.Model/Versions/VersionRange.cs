using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tutti.Model.Versions;

/// <summary>A range over versions in npm's syntax: <c>&gt;=2.2 &lt;3</c>, <c>^2</c>, <c>~1.4</c>, <c>1.2.x</c>, <c>1.1.0</c>, <c>1.2 - 1.4</c>, <c>*</c>, <c>||</c>.</summary>
/// <remarks>Source: the range grammar of node-semver. A prerelease satisfies a range only where a comparator of the same
/// alternative names a prerelease of the same major.minor.patch.</remarks>
[JsonConverter(typeof(VersionRangeJsonConverter))]
public sealed class VersionRange : IEquatable<VersionRange>
{
    /// <summary>Accepts every version that is not a prerelease.</summary>
    public static readonly VersionRange Any = new("*");

    private readonly string _text;

    private VersionRange(string text) => _text = text;

    /// <summary>Reads a range; false where it is none.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out VersionRange? range) => throw new NotImplementedException();

    /// <summary>Reads a range that is known to be well-formed.</summary>
    /// <exception cref="FormatException">It is not a range.</exception>
    public static VersionRange Parse(string text) =>
        TryParse(text, out var range) ? range : throw new FormatException($"'{text}' is not a version range such as >=2.2 <3");

    /// <summary>Whether the version lies in the range.</summary>
    public bool Accepts(ReleaseVersion version) => throw new NotImplementedException();

    /// <inheritdoc/>
    public bool Equals(VersionRange? other) => other is not null && _text == other._text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as VersionRange);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(_text);

    /// <summary>The range as it was written.</summary>
    public override string ToString() => _text;
}

/// <summary>Writes a range as its text.</summary>
public sealed class VersionRangeJsonConverter : JsonConverter<VersionRange>
{
    /// <inheritdoc/>
    public override VersionRange Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        VersionRange.TryParse(reader.GetString(), out var range) ? range : throw new JsonException("expected a version range such as >=2.2 <3");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, VersionRange value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
