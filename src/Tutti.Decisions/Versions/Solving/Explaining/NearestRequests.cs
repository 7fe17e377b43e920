using System.Collections.Immutable;
using Tutti.Decisions.Versions.Solving.Grounding;
using Tutti.Decisions.Versions.Solving.Search;
using Tutti.Model.Versions;

namespace Tutti.Decisions.Versions.Solving.Explaining;

/// <summary>Finds requests near to one that cannot be had. Each was tried: there is a solution for it.</summary>
/// <remarks>Only what takes part in the contradiction can help when it gives way: so only the wishes, holds and pins of a minimal core are varied, one at a time.</remarks>
internal sealed class NearestRequests(Problem problem, IReadOnlyCollection<Fact> core, CancellationToken cancel)
{
    private const int Most = 3;
    private const int MostTried = 4;

    /// <summary>At most three: other versions of what was asked for, the nearest first, then letting go of a hold or a pin.</summary>
    public ImmutableArray<NearestRequest> Find()
    {
        var released = core.Where(f => f.Kind is FactKind.Hold or FactKind.Pin).Take(MostTried).Select(Without).OfType<NearestRequest>().Take(Most - 1).ToList();
        var others = core.Where(f => f.Kind == FactKind.Wish && problem.Question.Wishes[problem.NameOf(f.Service)].Range is not null)
            .Take(MostTried)
            .SelectMany(f => OtherVersions(f.Service, Math.Min(2, Most - released.Count)))
            .OrderBy(o => o.Distance)
            .Select(o => o.Request);
        return [.. others.Take(Most - released.Count), .. released];
    }

    private NearestRequest? Without(Fact fact)
    {
        var question = problem.Question;
        var name = problem.NameOf(fact.Service);
        var less = fact.Kind == FactKind.Hold ? question with { Holds = question.Holds.Remove(name) } : question with { Pins = question.Pins.Remove(name) };
        if (!Searching(problem.For(less)).Search.Search([], []))
        {
            return null;
        }

        var text = $"{Texts.Wishes(question.Wishes)} without the {(fact.Kind == FactKind.Hold ? "hold" : "pin")} on {name}";
        return new NearestRequest(text.TrimStart(), question.Wishes, [name]);
    }

    private IEnumerable<(int Distance, NearestRequest Request)> OtherVersions(int service, int most)
    {
        var shelf = problem.ShelfOf(service);
        var range = problem.Question.Wishes[shelf.Name].Range!;
        var wishes = problem.Question.Wishes;
        var ground = Searching(problem.For(problem.Question with { Wishes = wishes.SetItem(shelf.Name, VersionWish.Newest) }));
        var distances = DistancesFrom(shelf, range);
        var nearest = Enumerable.Range(1, shelf.Releases.Length).OrderBy(value => distances[value]).ThenByDescending(value => value).ToArray();
        var left = new ulong[shelf.Words];
        Bits.Fill(left, shelf.Values);
        Bits.AndNot(left, shelf.Accepted(range));
        var variable = ground.VariableOf(service);
        for (var found = 0; found < most; found++)
        {
            if (!ground.Search.Require(variable, left) || !ground.Search.Search([], [new DomainSearch.Preference(variable, nearest)]))
            {
                yield break;
            }

            var value = ground.Search.Value(variable);
            Bits.Clear(left, value);
            var asked = wishes.SetItem(shelf.Name, new VersionWish(VersionRange.Parse(shelf.Version(value).ToString())));
            yield return (distances[value], new NearestRequest(Texts.Wishes(asked), asked, []));
        }
    }

    private Ground Searching(Problem asked)
    {
        var ground = new Ground(asked, new DomainSearch { Cancel = cancel });
        ground.Begin();
        return ground;
    }

    // How many releases away each is from what was asked for; where that has no release, from where its bounds would stand.
    private static int[] DistancesFrom(Shelf shelf, VersionRange range)
    {
        var accepted = shelf.Accepted(range);
        var places = Enumerable.Range(1, shelf.Releases.Length).Where(value => Bits.Has(accepted, value)).Select(value => 2 * value).ToArray();
        if (places.Length == 0)
        {
            places = [.. range.Bounds.Select(bound => (2 * shelf.Releases.Count(r => r.Version.CompareTo(bound) < 0)) + 1)];
        }

        return [.. Enumerable.Range(0, shelf.Values).Select(value => places.Select(place => Math.Abs(place - (2 * value))).DefaultIfEmpty(0).Min())];
    }
}
