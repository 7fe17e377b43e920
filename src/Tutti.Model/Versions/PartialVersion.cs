using System.Collections.Immutable;

namespace Tutti.Model.Versions;

/// <summary>A version as a range may write it: <c>1</c>, <c>1.2</c>, <c>1.2.x</c>, <c>*</c>, <c>1.2.3-rc.1</c>; null where a number is left open.</summary>
internal readonly record struct PartialVersion(int? Major, int? Minor, int? Patch, ImmutableArray<string> Prerelease)
{
    public bool IsFull => Patch is not null;

    /// <summary>The lowest version meant: open numbers are 0.</summary>
    public ReleaseVersion Lowest => ReleaseVersion.Create(Major ?? 0, Minor ?? 0, Patch ?? 0, Prerelease);

    public static bool TryParse(string text, out PartialVersion partial)
    {
        partial = default;
        var rest = text.StartsWith('v') ? text[1..] : text;
        if (rest.IndexOf('+') is var plus and >= 0)
        {
            if (!ReleaseVersion.AreIdentifiers(rest[(plus + 1)..], numbersCounted: false))
            {
                return false;
            }

            rest = rest[..plus];
        }

        ImmutableArray<string> prerelease = [];
        if (rest.IndexOf('-') is var dash and >= 0)
        {
            if (!ReleaseVersion.TryParsePrerelease(rest[(dash + 1)..], out prerelease))
            {
                return false;
            }

            rest = rest[..dash];
        }

        var parts = rest.Split('.');
        if (parts.Length > 3 || (parts.Length < 3 && prerelease.Length > 0))
        {
            return false;
        }

        var numbers = new int?[3];
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i] is "x" or "X" or "*")
            {
                continue;
            }

            if (!ReleaseVersion.TryParseNumber(parts[i], out var number))
            {
                return false;
            }

            // What follows an open number is open too: 1.x.3 means 1.x.
            numbers[i] = i > 0 && numbers[i - 1] is null ? null : number;
        }

        partial = new PartialVersion(numbers[0], numbers[1], numbers[2], numbers[2] is null ? [] : prerelease);
        return true;
    }
}
