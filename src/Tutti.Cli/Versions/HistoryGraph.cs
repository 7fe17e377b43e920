using System.Text;

namespace Tutti.Cli.Versions;

/// <summary>Draws a tree of version sets beside their list, oldest first: each line of history in a lane of its own, the one that leads to the current set leftmost.</summary>
internal static class HistoryGraph
{
    /// <summary>Most lanes; a line that finds none left begins where its set stands.</summary>
    private const int MostLanes = 12;

    /// <summary>A drawing for each set, all of one width; null where history does not branch.</summary>
    /// <param name="sets">Numbers, rising, each with the one that it continues.</param>
    /// <param name="current">Number of the current set.</param>
    public static IReadOnlyList<string>? Draw(IReadOnlyList<(int Number, int? Continues)> sets, int current)
    {
        var children = sets.Where(set => set.Continues is not null).ToLookup(set => set.Continues!.Value, set => set.Number);
        if (!children.Any(family => family.Count() > 1))
        {
            return null;
        }

        var main = LineTo(current, sets);
        var lanes = new List<int?>();
        var rows = sets.Select(set => Row(set.Number, set.Number == current, [.. children[set.Number].OrderByDescending(main.Contains)], lanes)).ToList();
        var width = rows.Max(row => row.Length);
        return [.. rows.Select(row => row.PadRight(width))];
    }

    private static HashSet<int> LineTo(int current, IReadOnlyList<(int Number, int? Continues)> sets)
    {
        var continued = sets.ToDictionary(set => set.Number, set => set.Continues);
        var line = new HashSet<int>();
        for (int? at = current; at is { } number && line.Add(number); at = continued.GetValueOrDefault(number))
        {
        }

        return line;
    }

    // A lane holds the number of the set that comes next in it; null: it is free.
    private static string Row(int number, bool current, IReadOnlyList<int> children, List<int?> lanes)
    {
        var own = lanes.IndexOf(number);
        own = own >= 0 ? own : Take(lanes, 0);
        var before = lanes.ToArray();
        lanes[own] = children.Count > 0 ? children[0] : null;
        var forks = new HashSet<int>();
        foreach (var child in children.Skip(1))
        {
            if (Take(lanes, own + 1) is var lane and < MostLanes)
            {
                lanes[lane] = child;
                forks.Add(lane);
            }
        }

        var last = forks.DefaultIfEmpty(own).Max();
        var row = new StringBuilder();
        for (var lane = 0; lane < Math.Max(lanes.Count, before.Length); lane++)
        {
            var passes = lane != own && lane < before.Length && before[lane] is not null;
            row.Append(lane == own ? (current ? '●' : '○') : Sign(passes, forks.Contains(lane), lane > own && lane < last, lane == last));
            row.Append(lane >= own && lane < last ? '─' : ' ');
        }

        while (lanes.Count > 0 && lanes[^1] is null)
        {
            lanes.RemoveAt(lanes.Count - 1);
        }

        return row.ToString().TrimEnd();
    }

    private static char Sign(bool passes, bool forks, bool between, bool last) => (passes, forks, between) switch
    {
        (_, true, _) => last ? '╮' : '┬',
        (true, _, true) => '┼',
        (true, _, _) => '│',
        (_, _, true) => '─',
        _ => ' ',
    };

    /// <summary>The first free lane from one on.</summary>
    private static int Take(List<int?> lanes, int from)
    {
        if (lanes.FindIndex(from, waiting => waiting is null) is >= 0 and var free)
        {
            return free;
        }

        lanes.Add(null);
        return lanes.Count - 1;
    }
}
