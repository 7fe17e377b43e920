using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using NuGet.Versioning;

namespace Tutti.Model.Versions;

/// <summary>A version by Semantic Versioning 2.0.0, compared by its section 11; build metadata is kept but never compared.</summary>
[JsonConverter(typeof(ReleaseVersionJsonConverter))]
public sealed class ReleaseVersion : IComparable<ReleaseVersion>, IEquatable<ReleaseVersion>
{
    private readonly SemanticVersion _version;

    private ReleaseVersion(SemanticVersion version) => _version = version;

    /// <summary>First number.</summary>
    public int Major => _version.Major;

    /// <summary>Second number.</summary>
    public int Minor => _version.Minor;

    /// <summary>Third number.</summary>
    public int Patch => _version.Patch;

    /// <summary>Whether it carries a prerelease tag such as <c>-rc.1</c>.</summary>
    public bool IsPrerelease => _version.IsPrerelease;

    /// <summary>Reads <c>MAJOR.MINOR.PATCH[-PRERELEASE][+BUILD]</c>.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ReleaseVersion? version)
    {
        version = text is not null && SemanticVersion.TryParse(text, out var parsed) ? new ReleaseVersion(parsed) : null;
        return version is not null;
    }

    /// <summary>Reads a version that is known to be well-formed.</summary>
    /// <exception cref="FormatException">It is not a version.</exception>
    public static ReleaseVersion Parse(string text) =>
        TryParse(text, out var version) ? version : throw new FormatException($"'{text}' is not a version such as 1.2.0");

    /// <inheritdoc/>
    public int CompareTo(ReleaseVersion? other) => other is null ? 1 : _version.CompareTo(other._version);

    /// <inheritdoc/>
    public bool Equals(ReleaseVersion? other) => other is not null && _version.Equals(other._version);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ReleaseVersion);

    /// <inheritdoc/>
    public override int GetHashCode() => _version.GetHashCode();

    /// <summary>The full spelling, build metadata included.</summary>
    public override string ToString() => _version.ToFullString();
}

/// <summary>Writes a version as its text.</summary>
public sealed class ReleaseVersionJsonConverter : JsonConverter<ReleaseVersion>
{
    /// <inheritdoc/>
    public override ReleaseVersion Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ReleaseVersion.TryParse(reader.GetString(), out var version) ? version : throw new JsonException("expected a version such as 1.2.0");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ReleaseVersion value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
