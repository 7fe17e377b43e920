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

    /// <summary>Whether there is any solution; afterwards wishes for the newest are fulfilled as well as can be.</summary>
    public bool FindAny()
    {
        ground.Begin();
        var newest = _problem.Question.Wishes.Where(w => w.Value.Range is null).Select(w => _problem.NumberOf(w.Key)).ToArray();
        if (!_search.Search([], [.. InOrder(newest).Select(s => new DomainSearch.Preference(ground.VariableOf(s), null))]))
        {
            return false;
        }

        Keep(newest.Select(ground.VariableOf));
        return true;
    }

    /// <summary>Improves on any solution; there has to be one. The search is left with the best.</summary>
    public void FindBest()
    {
        _search.Tracking = false;
        ChangeFewest();
        ground.IsFrozen = true;
        DisturbLeast();
        PreferWhatRanTogether();
        TakeNewest();
    }

    private void ChangeFewest()
    {
        _search.ToRoot();
        var fewest = new CoreGuided(_search);
        foreach (var variable in ground.Variables)
        {
            AddUnchanged(fewest, variable);
        }

        ground.CameIn = variable => AddUnchanged(fewest, variable);
        Cores += fewest.Minimize();
        ground.CameIn = null;
    }

    private void DisturbLeast()
    {
        for (var criticality = Criticality.CriticalPlus; criticality < Criticality.Sheddable; criticality++)
        {
            var fewest = new CoreGuided(_search);
            _search.ToRoot();
            foreach (var variable in ground.Variables.Where(v => _problem.CriticalityOf(ground.ServiceOf(v)) == criticality))
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
