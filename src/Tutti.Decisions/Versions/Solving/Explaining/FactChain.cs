using System.Collections.Immutable;
using Tutti.Decisions.Versions.Solving.Grounding;
using Tutti.Decisions.Versions.Solving.Search;
using Tutti.Model.Versions;

namespace Tutti.Decisions.Versions.Solving.Explaining;

/// <summary>Tells facts as a chain: what was asked for first, then what each thing leads to.</summary>
internal sealed class FactChain
{
    private const int MostRanges = 3;

    private readonly Problem _problem;
    private readonly ILookup<int, Fact> _facts;
    private readonly HashSet<int> _told = [];
    private readonly HashSet<(int, VersionRange?)> _missing = [];
    private readonly Queue<int> _queue = [];
    private readonly ImmutableArray<string>.Builder _lines = ImmutableArray.CreateBuilder<string>();
    private readonly ImmutableArray<CoreFact>.Builder _core = ImmutableArray.CreateBuilder<CoreFact>();

    private FactChain(Problem problem, IReadOnlyCollection<Fact> facts)
    {
        _problem = problem;
        _facts = facts.ToLookup(f => f.Service);
        var starts = facts.Where(f => f.Kind == FactKind.Wish).Concat(facts.Where(f => f.Kind == FactKind.Present)).Concat(facts);
        foreach (var start in starts.Select(f => f.Service).Distinct())
        {
            _queue.Enqueue(start);
            while (_queue.TryDequeue(out var service))
            {
                if (_told.Add(service))
                {
                    Tell(service);
                }
            }
        }
    }

    /// <summary>The lines, and the accepts-ranges in the same order.</summary>
    public static (ImmutableArray<string> Lines, ImmutableArray<CoreFact> Core) Of(Problem problem, IReadOnlyCollection<Fact> facts)
    {
        var chain = new FactChain(problem, [.. facts.OrderBy(f => problem.NameOf(f.Service), StringComparer.Ordinal).ThenBy(f => f.Kind).ThenBy(f => f.Value).ThenBy(f => f.Need)]);
        return (chain._lines.DrainToImmutable(), chain._core.DrainToImmutable());
    }

    private void Tell(int service)
    {
        var shelf = _problem.ShelfOf(service);
        foreach (var fact in _facts[service].Where(f => f.Kind != FactKind.Need))
        {
            TellAlone(fact.Kind, shelf);
        }

        var needs = _facts[service].Where(f => f.Kind == FactKind.Need)
            .Select(f => (f.Value, Need: shelf.Releases[f.Value - 1].Needs[f.Need]))
            .ToArray();
        foreach (var provider in needs.GroupBy(n => (n.Need.Service, n.Need.Optional)))
        {
            var groups = provider.GroupBy(n => n.Need.Range).ToArray();
            if (groups.Length > MostRanges)
            {
                TellRanges(shelf, provider.Key.Service, provider.Key.Optional, [.. provider.Select(n => (shelf.Version(n.Value), n.Need.Range))], groups.Length);
                continue;
            }

            foreach (var group in groups)
            {
                TellRanges(shelf, provider.Key.Service, provider.Key.Optional, [.. group.Select(n => (shelf.Version(n.Value), n.Need.Range))], 1);
            }
        }
    }

    // What releases of one service accept of another: one range, or too many to name them all.
    private void TellRanges(Shelf shelf, string provider, bool optional, (ReleaseVersion Version, VersionRange Range)[] accepted, int ranges)
    {
        var verb = accepted.Length == 1 ? "accepts" : "accept";
        var range = ranges == 1 ? $" {accepted[0].Range}" : $", each its own range, such as {accepted[0].Range} and {accepted[^1].Range}";
        _lines.Add($"{Texts.Releases(shelf.Name, [.. accepted.Select(a => a.Version)])} {verb} {provider}{range}{(optional ? " where it is there" : "")}");
        foreach (var (version, each) in accepted)
        {
            _core.Add(new CoreFact(shelf.Name, version, provider, each));
        }

        var number = _problem.NumberOf(provider);
        foreach (var each in accepted.Select(a => a.Range).Distinct().Take(MostRanges))
        {
            TellMissing(number, each);
        }

        _queue.Enqueue(number);
    }

    private void TellAlone(FactKind kind, Shelf shelf)
    {
        var question = _problem.Question;
        var current = Texts.List(_problem.CurrentOf(shelf.Number));
        switch (kind)
        {
            case FactKind.Wish when question.Wishes[shelf.Name].Range is { } range:
                _lines.Add($"you asked for {shelf.Name} {range}");
                TellMissing(shelf.Number, range);
                break;
            case FactKind.Wish:
                _lines.Add($"you asked for the newest {shelf.Name}");
                TellMissing(shelf.Number, null);
                break;
            case FactKind.Present:
                _lines.Add($"{shelf.Name} is there now, at {current}, and stays");
                TellMissing(shelf.Number, null);
                break;
            case FactKind.Hold:
                _lines.Add($"{shelf.Name} is held at {current}");
                if (_problem.CurrentOf(shelf.Number).All(version => shelf.ValueOf(version) == 0))
                {
                    _lines.Add($"{current} of {shelf.Name} is not in the catalogue");
                }

                break;
            case FactKind.Pin:
                _lines.Add($"{shelf.Name} is pinned to {question.Pins[shelf.Name]}");
                TellMissing(shelf.Number, question.Pins[shelf.Name]);
                break;
            case FactKind.Floor:
                _lines.Add($"{shelf.Name} is at {current}, and {shelf.Version(_problem.FloorOf(shelf.Number))} is not reversible: nothing below that can be chosen");
                break;
        }
    }

    // Null: any version, prereleases too.
    private void TellMissing(int service, VersionRange? range)
    {
        var shelf = _problem.ShelfOf(service);
        if (shelf.Releases.Length == 0 && _missing.Add((service, null)))
        {
            _lines.Add($"{shelf.Name} has no release");
        }
        else if (shelf.Releases.Length > 0 && range is not null && Bits.IsEmpty(shelf.Accepted(range)) && _missing.Add((service, range)))
        {
            _lines.Add($"{shelf.Name} has no release in {range} (it has {Texts.List([.. shelf.Releases.Select(r => r.Version)])})");
        }
    }
}
