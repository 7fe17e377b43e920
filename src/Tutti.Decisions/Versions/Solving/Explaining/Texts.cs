using System.Collections.Immutable;
using Tutti.Model.Versions;

namespace Tutti.Decisions.Versions.Solving.Explaining;

/// <summary>Lists in words.</summary>
internal static class Texts
{
    private const int MostNamed = 5;

    /// <summary>One by one, the last after "and"; of many, how many between which.</summary>
    public static string List(IReadOnlyCollection<ReleaseVersion> versions)
    {
        var sorted = versions.Order().Select(v => v.ToString()).ToArray();
        return sorted.Length switch
        {
            0 => "none",
            1 => sorted[0],
            <= MostNamed => $"{string.Join(", ", sorted[..^1])} and {sorted[^1]}",
            _ => $"{sorted.Length} from {sorted[0]} to {sorted[^1]}",
        };
    }

    /// <summary>Releases of one service: <c>cart 2.0.0 and 2.1.0</c>; of many: <c>12 releases of cart from 2.0.0 to 2.1.9</c>.</summary>
    public static string Releases(string service, IReadOnlyCollection<ReleaseVersion> versions) =>
        versions.Count <= MostNamed ? $"{service} {List(versions)}" : $"{versions.Count} releases of {service} from {versions.Min()} to {versions.Max()}";

    /// <summary>The wishes, by name.</summary>
    public static string Wishes(ImmutableSortedDictionary<string, VersionWish> wishes)
    {
        var named = wishes.Take(MostNamed).Select(w => $"{w.Key} {w.Value}");
        return string.Join(", ", wishes.Count > MostNamed ? named.Append($"and {wishes.Count - MostNamed} more") : named);
    }
}
