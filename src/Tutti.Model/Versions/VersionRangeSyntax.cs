using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Tutti.Model.Versions;

/// <summary>Turns the text of a range into alternatives of plain comparators.</summary>
/// <remarks>Source: "Advanced Range Syntax" and "Range Grammar" of node-semver's README. An exclusive upper bound that the
/// syntax implies ends in <c>-0</c>, the lowest prerelease, so that <c>^1.2</c> does not take <c>2.0.0-rc.1</c>.</remarks>
internal static class VersionRangeSyntax
{
    private const int LongestText = 1024;

    private static readonly string[] _operators = ["~>", ">=", "<=", ">", "<", "=", "~", "^"];

    public static bool TryParse(string text, [NotNullWhen(true)] out VersionComparator[][]? alternatives)
    {
        alternatives = null;
        if (text.Length > LongestText)
        {
            return false;
        }

        var found = new List<VersionComparator[]>();
        foreach (var alternative in text.Split("||"))
        {
            var comparators = new List<VersionComparator>();
            if (!TryParseAlternative(alternative, comparators))
            {
                return false;
            }

            found.Add([.. comparators]);
        }

        alternatives = [.. found];
        return true;
    }

    private static bool TryParseAlternative(string text, List<VersionComparator> into)
    {
        var words = text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 3 && words[1] == "-")
        {
            return TryParseHyphen(words[0], words[2], into);
        }

        for (var i = 0; i < words.Length; i++)
        {
            var word = words[i];
            var sign = _operators.FirstOrDefault(o => word.StartsWith(o, StringComparison.Ordinal)) ?? "";
            var version = word[sign.Length..];

            // The operator may stand apart from its version: ">= 1.2".
            if (version.Length == 0 && (sign.Length == 0 || ++i == words.Length))
            {
                return false;
            }

            version = version.Length == 0 ? words[i] : version;
            if (!PartialVersion.TryParse(version, out var partial) || !TryAdd(sign, partial, into))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryParseHyphen(string from, string to, List<VersionComparator> into)
    {
        if (!PartialVersion.TryParse(from, out var low) || !PartialVersion.TryParse(to, out var high))
        {
            return false;
        }

        return TryAdd(">=", low, into) && TryAdd("<=", high, into);
    }

    private static bool TryAdd(string sign, PartialVersion version, List<VersionComparator> into) => sign switch
    {
        "^" => TryAddFromTo(version, CaretEnd(version), into),
        "~" or "~>" => TryAddFromTo(version, End(version, tilde: true), into),
        _ when version.IsFull => Add(into, Plain(sign), version.Lowest),
        "" or "=" => TryAddFromTo(version, End(version, tilde: false), into),
        ">=" => version.Major is null || Add(into, VersionOperator.GreaterOrEqual, version.Lowest),
        "<" => Add(into, VersionOperator.Less, ReleaseVersion.Create(version.Major ?? 0, version.Minor ?? 0, 0, ["0"])),
        "<=" => version.Major is null || (TryBound(End(version, tilde: false), ["0"], out var end) && Add(into, VersionOperator.Less, end)),
        ">" when version.Major is null => Add(into, VersionOperator.Less, ReleaseVersion.Create(0, 0, 0, ["0"])),
        _ => TryBound(End(version, tilde: false), [], out var start) && Add(into, VersionOperator.GreaterOrEqual, start),
    };

    private static bool TryAddFromTo(PartialVersion from, (long Major, long Minor, long Patch) end, List<VersionComparator> into)
    {
        if (from.Major is null)
        {
            return true;
        }

        return Add(into, VersionOperator.GreaterOrEqual, from.Lowest)
            && TryBound(end, ["0"], out var bound)
            && Add(into, VersionOperator.Less, bound);
    }

    // The first version behind what is written: 1 ends before 2.0.0, 1.2 before 1.3.0; a tilde ends so too where the patch is given.
    private static (long Major, long Minor, long Patch) End(PartialVersion version, bool tilde) => version switch
    {
        { Minor: null } => ((version.Major ?? 0) + 1L, 0, 0),
        { Patch: null } => (version.Major ?? 0, version.Minor.Value + 1L, 0),
        _ when tilde => (version.Major ?? 0, version.Minor.Value + 1L, 0),
        _ => (version.Major ?? 0, version.Minor.Value, version.Patch.Value + 1L),
    };

    // A caret lets everything change right of the leftmost number that is not zero.
    private static (long Major, long Minor, long Patch) CaretEnd(PartialVersion version) => version switch
    {
        { Major: not 0 } or { Minor: null } => ((version.Major ?? 0) + 1L, 0, 0),
        { Minor: not 0 } or { Patch: null } => (0, version.Minor.Value + 1L, 0),
        _ => (0, 0, version.Patch.Value + 1L),
    };

    private static bool TryBound((long Major, long Minor, long Patch) end, ImmutableArray<string> prerelease, [NotNullWhen(true)] out ReleaseVersion? bound)
    {
        var fits = end is { Major: <= int.MaxValue, Minor: <= int.MaxValue, Patch: <= int.MaxValue };
        bound = fits ? ReleaseVersion.Create((int)end.Major, (int)end.Minor, (int)end.Patch, prerelease) : null;
        return fits;
    }

    private static bool Add(List<VersionComparator> into, VersionOperator comparison, ReleaseVersion bound)
    {
        into.Add(new VersionComparator(comparison, bound));
        return true;
    }

    private static VersionOperator Plain(string sign) => sign switch
    {
        "<" => VersionOperator.Less,
        "<=" => VersionOperator.LessOrEqual,
        ">=" => VersionOperator.GreaterOrEqual,
        ">" => VersionOperator.Greater,
        _ => VersionOperator.Equal,
    };
}
