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
    public static readonly VersionRange Any = new("*", [[]]);

    private readonly string _text;
    private readonly VersionComparator[][] _alternatives;

    private VersionRange(string text, VersionComparator[][] alternatives)
    {
        _text = text;
        _alternatives = alternatives;
    }

    /// <summary>Alternatives, each a set of comparators that must all hold; an empty set takes every version that is not a prerelease.</summary>
    internal ReadOnlySpan<VersionComparator[]> Alternatives => _alternatives;

    /// <summary>The versions at the ends of its comparators, in the order of the text: 2.2.0 and 3.0.0-0 of <c>&gt;=2.2 &lt;3</c>; none of <c>*</c>.</summary>
    public IEnumerable<ReleaseVersion> Bounds => _alternatives.SelectMany(comparators => comparators).Select(comparator => comparator.Bound);

    /// <summary>Reads a range of at most 1,024 characters; false where it is none. Empty text is <c>*</c>.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out VersionRange? range)
    {
        range = text is not null && VersionRangeSyntax.TryParse(text, out var alternatives) ? new VersionRange(text, alternatives) : null;
        return range is not null;
    }

    /// <summary>Reads a range that is known to be well-formed.</summary>
    /// <exception cref="FormatException">It is not a range.</exception>
    public static VersionRange Parse(string text) =>
        TryParse(text, out var range) ? range : throw new FormatException($"'{text}' is not a version range such as >=2.2 <3");

    /// <summary>Whether the version lies in the range. Allocates nothing.</summary>
    public bool Accepts(ReleaseVersion version)
    {
        foreach (var alternative in _alternatives)
        {
            if (Holds(alternative, version))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Marks the versions that lie in the range, without looking at each of them. Allocates nothing.</summary>
    /// <param name="ascending">Versions from the oldest to the newest, each once.</param>
    /// <param name="accepted">One bit for each version, set where it is accepted; bits that are set stay set.</param>
    /// <param name="first">Number of the bit of the first version.</param>
    public void Mark(ReadOnlySpan<ReleaseVersion> ascending, Span<ulong> accepted, int first)
    {
        foreach (var alternative in _alternatives)
        {
            var (low, high) = (0, ascending.Length);
            foreach (var comparator in alternative)
            {
                switch (comparator.Operator)
                {
                    case VersionOperator.Less:
                        high = Math.Min(high, FirstFrom(ascending, comparator.Bound, inclusive: true));
                        break;
                    case VersionOperator.LessOrEqual:
                        high = Math.Min(high, FirstFrom(ascending, comparator.Bound, inclusive: false));
                        break;
                    case VersionOperator.GreaterOrEqual:
                        low = Math.Max(low, FirstFrom(ascending, comparator.Bound, inclusive: true));
                        break;
                    case VersionOperator.Greater:
                        low = Math.Max(low, FirstFrom(ascending, comparator.Bound, inclusive: false));
                        break;
                    default:
                        low = Math.Max(low, FirstFrom(ascending, comparator.Bound, inclusive: true));
                        high = Math.Min(high, FirstFrom(ascending, comparator.Bound, inclusive: false));
                        break;
                }
            }

            for (var i = low; i < high; i++)
            {
                if (!ascending[i].IsPrerelease || Holds(alternative, ascending[i]))
                {
                    accepted[(first + i) >> 6] |= 1UL << (first + i);
                }
            }
        }
    }

    /// <inheritdoc/>
    public bool Equals(VersionRange? other) => other is not null && _text == other._text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as VersionRange);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(_text);

    /// <summary>The range as it was written.</summary>
    public override string ToString() => _text;

    // Place of the first version that is at least the bound, or above it.
    private static int FirstFrom(ReadOnlySpan<ReleaseVersion> ascending, ReleaseVersion bound, bool inclusive)
    {
        var (low, high) = (0, ascending.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            var order = ascending[middle].CompareTo(bound);
            if (order < 0 || (order == 0 && !inclusive))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private static bool Holds(VersionComparator[] comparators, ReleaseVersion version)
    {
        var mayBePrerelease = !version.IsPrerelease;
        foreach (var comparator in comparators)
        {
            if (!comparator.Accepts(version))
            {
                return false;
            }

            mayBePrerelease = mayBePrerelease || (comparator.Bound.IsPrerelease && comparator.Bound.SameNumbers(version));
        }

        return mayBePrerelease;
    }
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
