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
}
