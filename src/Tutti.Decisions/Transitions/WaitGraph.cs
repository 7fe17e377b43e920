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

    public IReadOnlyList<PlannedEvent> Events => _events;

    public PlannedEvent Add(TransitionEventKind kind, ServiceChange service, Side side)
    {
        var added = new PlannedEvent(_events.Count, kind, service, side);
        _events.Add(added);
        return added;
    }

    public void Wait(PlannedEvent waiter, PlannedEvent awaited, WaitStrength strength, string because)
    {
        var wait = new PlannedWait(waiter, awaited, strength, because);
        _waits.Add(wait);
        Link(wait);
    }

    /// <summary>Sets the levels of all events, and drops waits until that can be done: the cheapest first, and none that could stay beside those which do.</summary>
    /// <exception cref="ArgumentException">Releases of the target wait for each other in a ring.</exception>
    public ImmutableArray<PlannedWait> BreakRings()
    {
        if (Sort() is null)
        {
            return [];
        }

        _events.ForEach(one => one.After.Clear());
        _events.ForEach(one => one.Before.Clear());
        var dropped = ImmutableArray.CreateBuilder<PlannedWait>();
        foreach (var equals in _waits.GroupBy(wait => wait.Strength).OrderBy(equals => equals.Key))
        {
            foreach (var wait in equals)
            {
                Link(wait);
            }

            if (Sort() is not { } sorted)
            {
                continue;
            }

            if (equals.Key == WaitStrength.Must)
            {
                throw new ArgumentException($"{string.Join(" -> ", Ring(sorted))}: each needs the next before it can start; let one of them accept what runs, make one of these dependencies optional, or move what both call into a third service");
            }

            dropped.AddRange(LinkAgain(equals.Where(wait => !sorted[wait.Waiter.Number] && !sorted[wait.Awaited.Number]).ToHashSet()));
        }

        foreach (var less in dropped.Where(wait => wait.Strength is not (WaitStrength.Optional or WaitStrength.Sparing)).GroupBy(wait => wait.Waiter))
        {
            WaitForLess(less.Key, [.. less]);
        }

        Sort();
        return dropped.ToImmutable();
    }

    /// <summary>By number of event, whether it is over when the subject begins; the subject too.</summary>
    public static bool[] AllBefore(PlannedEvent subject, int count) => Reach([subject], count, one => one.After, wait => wait.Awaited);

    /// <summary>By number of event, whether it begins only when the subject is over; the subject too.</summary>
    public static bool[] AllAfter(PlannedEvent subject, int count) => Reach([subject], count, one => one.Before, wait => wait.Waiter);

    /// <summary>Takes the waits out, and those in again that close no ring; the others are the answer.</summary>
    private List<PlannedWait> LinkAgain(HashSet<PlannedWait> waits)
    {
        foreach (var one in _events)
        {
            one.After.RemoveAll(waits.Contains);
            one.Before.RemoveAll(waits.Contains);
        }

        var left = new List<PlannedWait>();
        foreach (var ofOne in _waits.Where(waits.Contains).GroupBy(wait => wait.Waiter))
        {
            // Its own waits do not change what waits for it, so one look is enough for all of them.
            var later = AllAfter(ofOne.Key, _events.Count);
            foreach (var wait in ofOne)
            {
                if (later[wait.Awaited.Number])
                {
                    left.Add(wait);
                }
                else
                {
                    Link(wait);
                }
            }
        }

        return left;
    }

    /// <summary>What the dropped waits would have waited for in turn may still come first where it is in no ring: then a consumer lacks its provider
    /// no longer than it must.</summary>
    private void WaitForLess(PlannedEvent waiter, List<PlannedWait> dropped)
    {
        var later = AllAfter(waiter, _events.Count);
        var seen = new bool[_events.Count];
        var first = new List<PlannedWait>();
        foreach (var wait in dropped)
        {
            var because = wait.Strength == WaitStrength.Shortening ? wait.Because : $"{wait.Awaited.Name} is without {waiter.Service.Name} no longer than it must be";
            var open = new Stack<PlannedEvent>([wait.Awaited]);
            while (open.TryPop(out var rejected))
            {
                foreach (var awaited in rejected.After.Select(each => each.Awaited).Where(each => !seen[each.Number]))
                {
                    seen[awaited.Number] = true;
                    if (later[awaited.Number])
                    {
                        open.Push(awaited);
                    }
                    else
                    {
                        first.Add(new PlannedWait(waiter, awaited, WaitStrength.Shortening, because));
                    }
                }
            }
        }

        // What another of these, or a wait that it has, waits for already needs no wait of its own.
        var implied = Reach(first.Select(wait => wait.Awaited).SelectMany(one => one.After).Concat(waiter.After.SelectMany(wait => wait.Awaited.After)).Select(wait => wait.Awaited), _events.Count, one => one.After, wait => wait.Awaited);
        foreach (var wait in waiter.After)
        {
            implied[wait.Awaited.Number] = true;
        }

        first.Where(wait => !implied[wait.Awaited.Number]).ToList().ForEach(Link);
    }

    private static void Link(PlannedWait wait)
    {
        wait.Waiter.After.Add(wait);
        wait.Awaited.Before.Add(wait);
    }

    /// <summary>Sets levels (A. B. Kahn, Topological sorting of large networks, 1962). Where a ring is in the way the answer is, by number of
    /// event, what is neither in it nor behind it; otherwise null.</summary>
    private bool[]? Sort()
    {
        var missing = new int[_events.Count];
        var sorted = new bool[_events.Count];
        var count = 0;
        var ready = new Queue<PlannedEvent>();
        foreach (var one in _events)
        {
            one.Level = 0;
            missing[one.Number] = one.After.Count;
            if (one.After.Count == 0)
            {
                ready.Enqueue(one);
            }
        }

        while (ready.TryDequeue(out var done))
        {
            sorted[done.Number] = true;
            count++;
            foreach (var wait in done.Before)
            {
                wait.Waiter.Level = Math.Max(wait.Waiter.Level, done.Level + 1);
                if (--missing[wait.Waiter.Number] == 0)
                {
                    ready.Enqueue(wait.Waiter);
                }
            }
        }

        return count == _events.Count ? null : sorted;
    }

    private static bool[] Reach(IEnumerable<PlannedEvent> from, int count, Func<PlannedEvent, List<PlannedWait>> waits, Func<PlannedWait, PlannedEvent> next)
    {
        var reached = new bool[count];
        var open = new Stack<PlannedEvent>(from);
        foreach (var one in open)
        {
            reached[one.Number] = true;
        }

        while (open.TryPop(out var one))
        {
            foreach (var wait in waits(one))
            {
                var each = next(wait);
                if (!reached[each.Number])
                {
                    reached[each.Number] = true;
                    open.Push(each);
                }
            }
        }

        return reached;
    }

    /// <summary>Names along one ring, the first again at the end: what could not be sorted waits for something that could not be sorted either.</summary>
    private List<string> Ring(bool[] sorted)
    {
        var path = new List<PlannedEvent>();
        var places = new Dictionary<PlannedEvent, int>();
        var current = _events.First(one => !sorted[one.Number]);
        while (places.TryAdd(current, path.Count))
        {
            path.Add(current);
            current = current.After.First(wait => !sorted[wait.Awaited.Number]).Awaited;
        }

        return [.. path.Skip(places[current]).Append(current).Select(one => one.Name)];
    }
}
