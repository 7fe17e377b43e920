using Tutti.Decisions.Versions.Solving.Search;

namespace Tutti.Decisions.Versions.Solving.Grounding;

/// <summary>What rules out versions of one service by itself.</summary>
internal static class ProblemFacts
{
    /// <summary>The facts about one service alone, in the order in which they are named, each with the values it leaves.</summary>
    public static IEnumerable<(Fact Fact, ulong[] Allowed)> AloneOn(this Problem problem, int service)
    {
        var question = problem.Question;
        var shelf = problem.ShelfOf(service);
        if (question.Wishes.TryGetValue(shelf.Name, out var wish))
        {
            yield return (new Fact(FactKind.Wish, service), wish.Range is null ? Present(shelf) : shelf.Accepted(wish.Range));
        }

        if (problem.IsCurrent(service))
        {
            yield return (new Fact(FactKind.Present, service), Present(shelf));
            if (question.Holds.Contains(shelf.Name))
            {
                yield return (new Fact(FactKind.Hold, service), OrAbsent(problem.FreeOf(service)));
            }
        }

        if (question.Pins.TryGetValue(shelf.Name, out var pin))
        {
            yield return (new Fact(FactKind.Pin, service), OrAbsent(shelf.Accepted(pin)));
        }

        if (problem.FloorOf(service) is > 0 and var floor)
        {
            var below = new ulong[shelf.Words];
            Bits.Fill(below, floor);
            Bits.Clear(below, 0);
            yield return (new Fact(FactKind.Floor, service), All(shelf, below));
        }

        foreach (var own in OwnNeeds(shelf))
        {
            var refused = new ulong[shelf.Words];
            Bits.Set(refused, own.Value);
            yield return (own, All(shelf, refused));
        }
    }

    /// <summary>The values that are left by all facts about the service alone, or by those of them that count.</summary>
    public static ulong[] Possible(this Problem problem, int service, Func<Fact, bool>? counts = null)
    {
        var shelf = problem.ShelfOf(service);
        var possible = All(shelf, new ulong[shelf.Words]);
        foreach (var (fact, allowed) in problem.AloneOn(service))
        {
            if (counts is null || counts(fact))
            {
                Bits.And(possible, allowed);
            }
        }

        return possible;
    }

    /// <summary>The lowest value that may be chosen because of releases that are not reversible; 0 where there is none.</summary>
    public static int FloorOf(this Problem problem, int service)
    {
        var current = problem.CurrentOf(service);
        if (problem.Question.Force || current.IsEmpty)
        {
            return 0;
        }

        var shelf = problem.ShelfOf(service);
        var value = shelf.Releases.Length;
        while (value > 0 && shelf.Releases[value - 1].Reversible)
        {
            value--;
        }

        if (value == 0)
        {
            return 0;
        }

        var highest = current.Max()!;
        while (value > 0 && (shelf.Releases[value - 1].Reversible || shelf.Version(value).CompareTo(highest) > 0))
        {
            value--;
        }

        return value;
    }

    private static IEnumerable<Fact> OwnNeeds(Shelf shelf)
    {
        for (var r = 0; r < shelf.Releases.Length; r++)
        {
            var needs = shelf.Releases[r].Needs;
            for (var n = 0; n < needs.Length; n++)
            {
                if (needs[n].Service == shelf.Name && !needs[n].Range.Accepts(shelf.Releases[r].Version))
                {
                    yield return new Fact(FactKind.Need, shelf.Number, r + 1, n);
                }
            }
        }
    }

    private static ulong[] Present(Shelf shelf)
    {
        var absent = new ulong[shelf.Words];
        absent[0] = 1;
        return All(shelf, absent);
    }

    private static ulong[] OrAbsent(ulong[] values)
    {
        ulong[] copy = [.. values];
        copy[0] |= 1;
        return copy;
    }

    private static ulong[] All(Shelf shelf, ulong[] but)
    {
        var all = new ulong[shelf.Words];
        Bits.Fill(all, shelf.Values);
        Bits.AndNot(all, but);
        return all;
    }
}
