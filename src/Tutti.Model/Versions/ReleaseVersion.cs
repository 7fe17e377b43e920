using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tutti.Model.Versions;

/// <summary>A version by Semantic Versioning 2.0.0, compared by its section 11; build metadata is kept but never compared.</summary>
/// <remarks>Each of the three numbers is at most 2,147,483,647; numeric prerelease identifiers have no limit; 256 characters at most.</remarks>
[JsonConverter(typeof(ReleaseVersionJsonConverter))]
public sealed class ReleaseVersion : IComparable<ReleaseVersion>, IEquatable<ReleaseVersion>
{
    private const int LongestText = 256;

    private readonly ImmutableArray<string> _prerelease;
    private readonly string _build;

    private ReleaseVersion(int major, int minor, int patch, ImmutableArray<string> prerelease, string build)
    {
        Major = major;
        Minor = minor;
        Patch = patch;
        _prerelease = prerelease;
        _build = build;
    }

    /// <summary>First number.</summary>
    public int Major { get; }

    /// <summary>Second number.</summary>
    public int Minor { get; }

    /// <summary>Third number.</summary>
    public int Patch { get; }

    /// <summary>Whether it carries a prerelease tag such as <c>-rc.1</c>.</summary>
    public bool IsPrerelease => _prerelease.Length > 0;

    /// <summary>Reads <c>MAJOR.MINOR.PATCH[-PRERELEASE][+BUILD]</c>.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ReleaseVersion? version)
    {
        version = null;
        if (text is null || text.Length > LongestText)
        {
            return false;
        }

        var rest = text;
        var build = "";
        if (rest.IndexOf('+') is var plus and >= 0)
        {
            build = rest[(plus + 1)..];
            rest = rest[..plus];
            if (!AreIdentifiers(build, numbersCounted: false))
            {
                return false;
            }
        }

        ImmutableArray<string> prerelease = [];
        if (rest.IndexOf('-') is var dash and >= 0)
        {
            if (!TryParsePrerelease(rest[(dash + 1)..], out prerelease))
            {
                return false;
            }

            rest = rest[..dash];
        }

        var numbers = rest.Split('.');
        if (numbers.Length != 3
            || !TryParseNumber(numbers[0], out var major)
            || !TryParseNumber(numbers[1], out var minor)
            || !TryParseNumber(numbers[2], out var patch))
        {
            return false;
        }

        version = new ReleaseVersion(major, minor, patch, prerelease, build);
        return true;
    }

    /// <summary>Reads a version that is known to be well-formed.</summary>
    /// <exception cref="FormatException">It is not a version.</exception>
    public static ReleaseVersion Parse(string text) =>
        TryParse(text, out var version) ? version : throw new FormatException($"'{text}' is not a version such as 1.2.0");

    /// <inheritdoc/>
    public int CompareTo(ReleaseVersion? other)
    {
        if (other is null)
        {
            return 1;
        }

        var order = CompareNumbers(other);
        if (order != 0)
        {
            return order;
        }

        if (IsPrerelease != other.IsPrerelease)
        {
            return IsPrerelease ? -1 : 1;
        }

        var shared = Math.Min(_prerelease.Length, other._prerelease.Length);
        for (var i = 0; i < shared; i++)
        {
            order = CompareIdentifiers(_prerelease[i], other._prerelease[i]);
            if (order != 0)
            {
                return order;
            }
        }

        return _prerelease.Length.CompareTo(other._prerelease.Length);
    }

    /// <inheritdoc/>
    public bool Equals(ReleaseVersion? other) => other is not null && CompareTo(other) == 0;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ReleaseVersion);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Major);
        hash.Add(Minor);
        hash.Add(Patch);
        foreach (var identifier in _prerelease)
        {
            hash.Add(identifier, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }

    /// <summary>The full spelling, build metadata included.</summary>
    public override string ToString()
    {
        var numbers = string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}.{Patch}");
        var prerelease = IsPrerelease ? "-" + string.Join('.', _prerelease) : "";
        return numbers + prerelease + (_build.Length > 0 ? "+" + _build : "");
    }

    internal static ReleaseVersion Create(int major, int minor, int patch, ImmutableArray<string> prerelease) =>
        new(major, minor, patch, prerelease, build: "");

    internal static bool TryParseNumber(ReadOnlySpan<char> text, out int number)
    {
        number = 0;
        return (text.Length == 1 || (text.Length > 1 && text[0] != '0'))
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    internal static bool TryParsePrerelease(string text, out ImmutableArray<string> identifiers)
    {
        var well = AreIdentifiers(text, numbersCounted: true);
        identifiers = well ? [.. text.Split('.')] : [];
        return well;
    }

    internal static bool AreIdentifiers(string text, bool numbersCounted)
    {
        foreach (var identifier in text.Split('.'))
        {
            if (identifier.Length == 0 || identifier.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '-'))
            {
                return false;
            }

            if (numbersCounted && identifier.Length > 1 && identifier[0] == '0' && IsNumeric(identifier))
            {
                return false;
            }
        }

        return true;
    }

    internal bool SameNumbers(ReleaseVersion other) => CompareNumbers(other) == 0;

    private int CompareNumbers(ReleaseVersion other)
    {
        var order = Major.CompareTo(other.Major);
        if (order == 0)
        {
            order = Minor.CompareTo(other.Minor);
        }

        return order == 0 ? Patch.CompareTo(other.Patch) : order;
    }

    private static int CompareIdentifiers(string a, string b)
    {
        var (aIsNumber, bIsNumber) = (IsNumeric(a), IsNumeric(b));
        if (aIsNumber != bIsNumber)
        {
            return aIsNumber ? -1 : 1;
        }

        // Without leading zeros the longer number is the larger one, however large it is.
        return aIsNumber && a.Length != b.Length ? a.Length.CompareTo(b.Length) : string.CompareOrdinal(a, b);
    }

    // A plain loop: it runs in every comparison of prereleases, and nothing there may allocate.
    private static bool IsNumeric(string identifier)
    {
        foreach (var c in identifier)
        {
            if (!char.IsAsciiDigit(c))
            {
                return false;
            }
        }

        return true;
    }
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
