using System.Collections.Immutable;

namespace Tutti.Decisions.Transitions;

/// <summary>The events and their waits, and which of the waits have to be dropped so that an order exists.</summary>
/// <remarks>
/// Without pets nothing is dropped as long as the dependencies have no cycle: a Start waits only for Starts of its providers, a Retire for
/// Retires of its consumers and for the Start of its own service, and no Start for a Retire. A ring would lie within the Starts or within
/// the Retires, and so be a ring of dependencies. A pet's Start waits for its Retire, so a ring through a pet is possible; it goes
/// from that Start to that Retire and from there to a consumer's Retire, or to what shortens the pet's absence. Both may be dropped.
/// </remarks>
internal sealed class WaitGraph
{
    private readonly List<PlannedWait> _waits = [];
    private readonly List<PlannedEvent> _events = [];
    private readonly HashSet<PlannedEvent> _forward = [];
    private readonly HashSet<PlannedEvent> _backward = [];

    public IReadOnlyList<PlannedEvent> Events => _events;

    public PlannedEvent Add(TransitionEventKind kind, ServiceChange service, Side side)
    {
        var added = new PlannedEvent(kind, service, side);
        _events.Add(added);
        return added;
    }

    public void Wait(PlannedEvent waiter, PlannedEvent awaited, WaitStrength strength, string because) =>
        Link(new PlannedWait(waiter, awaited, strength, because));

    /// <summary>Drops waits until an order exists: the cheapest first, and none that could stay beside those which do.</summary>
    /// <exception cref="ArgumentException">Releases of the target wait for each other in a ring.</exception>
    public ImmutableArray<PlannedWait> BreakRings()
    {
        if (TrySort())
        {
            return [];
        }

        Unlink();
        foreach (var wait in _waits.Where(wait => wait.Strength == WaitStrength.Must))
        {
            wait.Waiter.After.Add(wait);
            wait.Awaited.Before.Add(wait);
        }

        if (!TrySort())
        {
            throw new ArgumentException($"{string.Join(" -> ", Ring())}: each needs the next before it can start; let one of them accept what runs, make one of these dependencies optional, or move what both call into a third service");
        }

        var dropped = _waits.Where(wait => wait.Strength != WaitStrength.Must).OrderBy(wait => wait.Strength).Where(wait => !TryLink(wait)).ToImmutableArray();
        foreach (var wait in dropped.Where(wait => wait.Strength is not (WaitStrength.Optional or WaitStrength.Sparing)))
        {
            WaitForLess(wait);
        }

        return dropped;
    }

    /// <summary>Everything that is over when the event begins.</summary>
    public static HashSet<PlannedEvent> AllBefore(PlannedEvent subject) => Reach(subject, one => one.After.Select(wait => wait.Awaited));

    /// <summary>Everything that begins when the event is over.</summary>
    public static HashSet<PlannedEvent> AllAfter(PlannedEvent subject) => Reach(subject, one => one.Before.Select(wait => wait.Waiter));

    /// <summary>What the dropped wait would have waited for may still come first where it is not itself in the ring:
    /// then a consumer lacks its provider no longer than it must.</summary>
    private void WaitForLess(PlannedWait dropped)
    {
        var seen = new HashSet<PlannedEvent>(dropped.Waiter.After.Select(wait => wait.Awaited)) { dropped.Waiter };
        var open = new Queue<PlannedEvent>([dropped.Awaited]);
        var because = dropped.Strength == WaitStrength.Shortening ? dropped.Because : $"{dropped.Awaited.Name} is without {dropped.Waiter.Service.Name} no longer than it must be";
        while (open.TryDequeue(out var rejected))
        {
            foreach (var awaited in rejected.After.Select(wait => wait.Awaited).Where(seen.Add).ToList())
            {
                if (!TryLink(new PlannedWait(dropped.Waiter, awaited, WaitStrength.Shortening, because)))
                {
                    open.Enqueue(awaited);
                }
            }
        }
    }

    private void Link(PlannedWait wait)
    {
        _waits.Add(wait);
        wait.Waiter.After.Add(wait);
        wait.Awaited.Before.Add(wait);
    }

    private void Unlink()
    {
        foreach (var one in _events)
        {
            one.After.Clear();
            one.Before.Clear();
        }
    }

    /// <summary>Sets positions and levels; false where a ring is in the way, and position -1 for what is in it or behind it (A. B. Kahn, Topological sorting of large networks, 1962).</summary>
    public bool TrySort()
    {
        var missing = _events.ToDictionary(one => one, one => one.After.Count);
        var ready = new Queue<PlannedEvent>(_events.Where(one => one.After.Count == 0));
        var position = 0;
        foreach (var one in _events)
        {
            (one.Level, one.Position) = (0, -1);
        }

        while (ready.TryDequeue(out var done))
        {
            done.Position = position++;
            foreach (var wait in done.Before)
            {
                wait.Waiter.Level = Math.Max(wait.Waiter.Level, done.Level + 1);
                if (--missing[wait.Waiter] == 0)
                {
                    ready.Enqueue(wait.Waiter);
                }
            }
        }

        return position == _events.Count;
    }

    /// <summary>Adds the wait unless it closes a ring, and keeps the positions an order (D. J. Pearce and P. H. J. Kelly, A dynamic topological
    /// sort algorithm for directed acyclic graphs, 2007).</summary>
    private bool TryLink(PlannedWait wait)
    {
        var (waiter, awaited) = (wait.Waiter, wait.Awaited);
        if (awaited.Position > waiter.Position)
        {
            if (!Between(waiter, awaited))
            {
                return false;
            }

            // The awaited and what it waits for take the first of the places, the waiter and what waits for it the rest.
            var moved = _backward.OrderBy(one => one.Position).Concat(_forward.OrderBy(one => one.Position)).ToList();
            var places = moved.Select(one => one.Position).Order().ToList();
            for (var i = 0; i < moved.Count; i++)
            {
                moved[i].Position = places[i];
            }
        }

        waiter.After.Add(wait);
        awaited.Before.Add(wait);
        return true;
    }

    private bool Between(PlannedEvent waiter, PlannedEvent awaited)
    {
        Spread(_forward, waiter, one => one.Before.Select(wait => wait.Waiter).Where(next => next.Position <= awaited.Position));
        if (_forward.Contains(awaited))
        {
            return false;
        }

        Spread(_backward, awaited, one => one.After.Select(wait => wait.Awaited).Where(next => next.Position >= waiter.Position));
        return true;
    }

    private static HashSet<PlannedEvent> Reach(PlannedEvent from, Func<PlannedEvent, IEnumerable<PlannedEvent>> next)
    {
        var reached = new HashSet<PlannedEvent>();
        Spread(reached, from, next);
        reached.Remove(from);
        return reached;
    }

    private static void Spread(HashSet<PlannedEvent> reached, PlannedEvent from, Func<PlannedEvent, IEnumerable<PlannedEvent>> next)
    {
        reached.Clear();
        reached.Add(from);
        var open = new Stack<PlannedEvent>([from]);
        while (open.TryPop(out var one))
        {
            foreach (var each in next(one).Where(reached.Add))
            {
                open.Push(each);
            }
        }
    }

    /// <summary>Names along one ring, the first again at the end. Only waits that are never dropped are linked now.</summary>
    private List<string> Ring()
    {
        // What could not be sorted waits for something that could not be sorted either: following that leads into a ring.
        var path = new List<PlannedEvent>();
        var places = new Dictionary<PlannedEvent, int>();
        var current = _events.First(one => one.Position < 0);
        while (places.TryAdd(current, path.Count))
        {
            path.Add(current);
            current = current.After.First(wait => wait.Awaited.Position < 0).Awaited;
        }

        return [.. path.Skip(places[current]).Append(current).Select(one => one.Name)];
    }
}
