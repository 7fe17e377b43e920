using Tutti.Decisions.Versions.Solving.Grounding;
using Tutti.Decisions.Versions.Solving.Search;
using Tutti.Model.Lifecycle;

namespace Tutti.Decisions.Versions.Solving.Optimizing;

/// <summary>Finds the best solution, criterion by criterion; what a criterion has settled holds for all later ones.</summary>
internal sealed class Optimizer(Ground ground)
{
    private readonly Problem _problem = ground.Problem;
    private readonly DomainSearch _search = ground.Search;

    /// <summary>How often something that should hold had to give way.</summary>
    public int Cores { get; private set; }

    /// <summary>Finds the best solution; false where there is none. The search is left with it.</summary>
    public bool FindBest()
    {
        ground.Begin();
        if (!TakeNewestWished() || !ChangeFewest())
        {
            return false;
        }

        // Nothing can contradict any more, so that there will be nothing to explain.
        _search.Tracking = false;
        ground.IsFrozen = true;
        DisturbLeast();
        PreferWhatRanTogether();
        TakeNewest();
        return true;
    }

    private bool TakeNewestWished()
    {
        var newest = _problem.Question.Wishes.Where(w => w.Value.Range is null).Select(w => _problem.NumberOf(w.Key)).ToArray();
        if (newest.Length == 0)
        {
            return true;
        }

        if (!_search.Search([], [.. InOrder(newest).Select(s => new DomainSearch.Preference(ground.VariableOf(s), null))]))
        {
            return false;
        }

        Keep(newest.Select(ground.VariableOf));
        return true;
    }

    private bool ChangeFewest()
    {
        _search.ToRoot();
        var fewest = new CoreGuided(_search);
        foreach (var variable in ground.Variables)
        {
            AddUnchanged(fewest, variable);
        }

        ground.CameIn = variable => AddUnchanged(fewest, variable);
        var cost = fewest.Minimize();
        Cores += Math.Max(0, cost);
        ground.CameIn = null;
        return cost >= 0;
    }

    // How many change is settled: of the last kind of services that could still change, as many do as are left over.
    private void DisturbLeast()
    {
        _search.ToRoot();
        var kinds = ground.Variables.Where(v => !Bits.IsWithin(_search.Domain(v), _search.Free(v)))
            .ToLookup(v => _problem.CriticalityOf(ground.ServiceOf(v)));
        foreach (var kind in kinds.OrderBy(k => k.Key).SkipLast(1))
        {
            _search.ToRoot();
            var fewest = new CoreGuided(_search);
            foreach (var variable in kind)
            {
                AddUnchanged(fewest, variable);
            }

            Cores += fewest.Minimize();
        }
    }

    private void PreferWhatRanTogether()
    {
        if (!_problem.Question.History.IsEmpty)
        {
            _search.ToRoot();
            var fewest = new CoreGuided(_search);
            new PairCost(ground).AddTo(fewest);
            Cores += fewest.Minimize();
        }
    }

    private void TakeNewest()
    {
        _search.ToRoot();
        var open = ground.Variables.Where(v => _search.Value(v) < 0).Select(ground.ServiceOf);
        _search.Search([], [.. InOrder(open).Select(s => new DomainSearch.Preference(ground.VariableOf(s), null))]);
    }

    // A service that has to change, or cannot, makes no difference.
    private void AddUnchanged(CoreGuided fewest, int variable)
    {
        var domain = _search.Domain(variable);
        var free = _search.Free(variable);
        if (Bits.Meet(domain, free) && !Bits.IsWithin(domain, free))
        {
            fewest.Add(new Literal(variable, free.ToArray()));
        }
    }

    private void Keep(IEnumerable<int> variables)
    {
        foreach (var (variable, value) in variables.Select(v => (v, _search.Value(v))).ToArray())
        {
            var set = new ulong[Bits.WordsFor(_search.ValuesOf(variable))];
            Bits.Set(set, value);
            _search.Require(variable, set);
        }
    }

    private IEnumerable<int> InOrder(IEnumerable<int> services) =>
        services.OrderBy(_problem.CriticalityOf).ThenBy(_problem.NameOf, StringComparer.Ordinal);
}
