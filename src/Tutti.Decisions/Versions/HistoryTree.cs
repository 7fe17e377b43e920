using System.Collections.Immutable;

namespace Tutti.Decisions.Versions;

/// <summary>One version set as the history sees it.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Parent">The set that was current when it was made.</param>
/// <param name="RollbackOf">The set that it restores.</param>
/// <param name="ContentHash">Of everything in it.</param>
public sealed record HistoryEntry(int Number, int? Parent, int? RollbackOf, string ContentHash);

/// <summary>Version sets as a tree: a rollback leaves the line it was made on and continues the one it goes back to.</summary>
public static class HistoryTree
{
    /// <summary>For each set the earlier one that it continues; null where that is not among the sets, or it is the first.</summary>
    /// <param name="sets">By number, rising.</param>
    /// <returns>In the same order. A set that restores all of set N continues the newest set before it that has N's content (N itself, or a set that
    /// restored it since), so that going back and forth stays on two lines; one that restores some services only continues its parent.</returns>
    public static ImmutableArray<int?> Continued(IReadOnlyList<HistoryEntry> sets)
    {
        var known = new Dictionary<int, string>();
        var newest = new Dictionary<string, int>(StringComparer.Ordinal);
        var continued = ImmutableArray.CreateBuilder<int?>(sets.Count);
        foreach (var set in sets)
        {
            var restores = set.RollbackOf is { } restored && known.GetValueOrDefault(restored) == set.ContentHash;
            continued.Add(restores ? newest[set.ContentHash] : set.Parent is { } parent && known.ContainsKey(parent) ? parent : null);
            known[set.Number] = set.ContentHash;
            newest[set.ContentHash] = set.Number;
        }

        return continued.DrainToImmutable();
    }
}
