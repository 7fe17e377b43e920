namespace Tutti.Model.Manifest.Rules;

/// <summary>Finds cycles in a graph of names: for every strongly connected part a shortest one.</summary>
/// <remarks>Source: strongly connected components by Tarjan 1972, with an explicit stack as a manifest may chain thousands of services;
/// shortest cycles by breadth-first search from each member.</remarks>
internal sealed class CycleFinder
{
    // Beyond so many visits a cycle is still found, though perhaps not the shortest: starts times members.
    private const int MostVisits = 200_000;

    private readonly SortedDictionary<string, string[]> _next;
    private readonly Dictionary<string, (int Index, int Low)> _visits = [];
    private readonly Stack<string> _open = new();
    private readonly HashSet<string> _isOpen = [];
    private readonly List<HashSet<string>> _parts = [];

    private CycleFinder(IEnumerable<(string From, IEnumerable<string> To)> edges)
    {
        _next = new SortedDictionary<string, string[]>(StringComparer.Ordinal);
        var given = edges.ToList();
        var known = given.Select(e => e.From).ToHashSet();
        foreach (var (from, to) in given)
        {
            _next[from] = [.. to.Where(known.Contains).Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>Each cycle from its alphabetically first member, that member again at the end.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Find(IEnumerable<(string From, IEnumerable<string> To)> edges)
    {
        var finder = new CycleFinder(edges);
        foreach (var name in finder._next.Keys)
        {
            if (!finder._visits.ContainsKey(name))
            {
                finder.Visit(name);
            }
        }

        return [.. finder._parts.Select(finder.ShortestCycle).OrderBy(c => c[0], StringComparer.Ordinal)];
    }

    private void Visit(string start)
    {
        var path = new Stack<(string Name, int Edge)>();
        Enter(start);
        path.Push((start, 0));
        while (path.TryPop(out var at))
        {
            var edges = _next[at.Name];
            if (at.Edge < edges.Length)
            {
                path.Push((at.Name, at.Edge + 1));
                var to = edges[at.Edge];
                if (!_visits.ContainsKey(to))
                {
                    Enter(to);
                    path.Push((to, 0));
                }
                else if (_isOpen.Contains(to))
                {
                    Lower(at.Name, _visits[to].Index);
                }

                continue;
            }

            Leave(at.Name);
            if (path.TryPeek(out var parent))
            {
                Lower(parent.Name, _visits[at.Name].Low);
            }
        }
    }

    private void Enter(string name)
    {
        _visits[name] = (_visits.Count, _visits.Count);
        _open.Push(name);
        _isOpen.Add(name);
    }

    private void Lower(string name, int low)
    {
        var visit = _visits[name];
        _visits[name] = visit with { Low = Math.Min(visit.Low, low) };
    }

    private void Leave(string name)
    {
        if (_visits[name].Low != _visits[name].Index)
        {
            return;
        }

        var part = new HashSet<string>();
        string member;
        do
        {
            member = _open.Pop();
            _isOpen.Remove(member);
            part.Add(member);
        }
        while (member != name);

        if (part.Count > 1 || _next[name].Contains(name))
        {
            _parts.Add(part);
        }
    }

    private IReadOnlyList<string> ShortestCycle(HashSet<string> part)
    {
        List<string>? shortest = null;
        foreach (var start in part.Order(StringComparer.Ordinal).Take(Math.Max(1, MostVisits / part.Count)))
        {
            var cycle = CycleThrough(start, part);
            if (shortest is null || cycle.Count < shortest.Count)
            {
                shortest = cycle;
            }
        }

        // Rotated so that the same cycle always reads the same.
        var members = shortest![..^1];
        var first = members.IndexOf(members.Min(StringComparer.Ordinal)!);
        return [.. members[first..], .. members[..first], members[first]];
    }

    private List<string> CycleThrough(string start, HashSet<string> part)
    {
        var cameFrom = new Dictionary<string, string>();
        var waiting = new Queue<string>([start]);
        while (waiting.TryDequeue(out var at))
        {
            foreach (var to in _next[at].Where(part.Contains))
            {
                if (to == start)
                {
                    return Back(start, at, cameFrom);
                }

                if (cameFrom.TryAdd(to, at))
                {
                    waiting.Enqueue(to);
                }
            }
        }

        throw new InvalidOperationException($"no cycle leads through '{start}', though it is strongly connected");
    }

    private static List<string> Back(string start, string last, Dictionary<string, string> cameFrom)
    {
        var cycle = new List<string> { start };
        for (var at = last; at != start; at = cameFrom[at])
        {
            cycle.Add(at);
        }

        cycle.Add(start);
        cycle.Reverse();
        return cycle;
    }
}
