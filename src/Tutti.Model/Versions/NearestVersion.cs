using System.Collections.Immutable;

namespace Tutti.Model.Versions;

/// <summary>Finds a version that several ranges accept, near to one that they do not.</summary>
internal static class NearestVersion
{
    /// <summary>The nearest among the versions at the ends of the ranges; null where the ranges share none of these.</summary>
    public static ReleaseVersion? Of(ReleaseVersion from, ImmutableArray<VersionRange> ranges) =>
        ranges.SelectMany(Ends)
            .Where(v => ranges.All(r => r.Accepts(v)))
            .OrderBy(v => Math.Abs((long)v.Major - from.Major))
            .ThenBy(v => Math.Abs((long)v.Minor - from.Minor))
            .ThenBy(v => Math.Abs((long)v.Patch - from.Patch))
            .ThenByDescending(v => v)
            .FirstOrDefault();

    // An open end stands for the round version just before or after it.
    private static IEnumerable<ReleaseVersion> Ends(VersionRange range)
    {
        foreach (var comparator in range.Alternatives.ToArray().SelectMany(c => c))
        {
            var bound = comparator.Bound;
            yield return bound;
            if (comparator.Operator == VersionOperator.Greater && bound.Patch < int.MaxValue)
            {
                yield return ReleaseVersion.Create(bound.Major, bound.Minor, bound.Patch + 1, []);
            }
            else if (comparator.Operator == VersionOperator.Less)
            {
                yield return bound switch
                {
                    { Patch: > 0 } => ReleaseVersion.Create(bound.Major, bound.Minor, bound.Patch - 1, []),
                    { Minor: > 0 } => ReleaseVersion.Create(bound.Major, bound.Minor - 1, 0, []),
                    _ => ReleaseVersion.Create(Math.Max(bound.Major - 1, 0), 0, 0, []),
                };
            }
        }
    }
}
