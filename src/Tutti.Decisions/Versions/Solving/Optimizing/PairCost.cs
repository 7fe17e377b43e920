using Tutti.Decisions.Versions.Solving.Grounding;
using Tutti.Decisions.Versions.Solving.Search;

namespace Tutti.Decisions.Versions.Solving.Optimizing;

/// <summary>Counts pairs of a consumer and a provider whose versions never ran in one version set.</summary>
internal sealed class PairCost(Ground ground)
{
    private readonly Problem _problem = ground.Problem;
    private readonly DomainSearch _search = ground.Search;
    private readonly HashSet<(int Consumer, int Provider)> _done = [];

    /// <summary>Adds, for every pair that is not settled yet, that it ran together.</summary>
    public void AddTo(CoreGuided fewest)
    {
        foreach (var variable in ground.Variables.ToArray())
        {
            var service = ground.ServiceOf(variable);
            foreach (var provider in ProvidersOf(variable))
            {
                if (ground.VariableOf(provider) is var other && (_search.Value(variable) < 0 || (other >= 0 && _search.Value(other) < 0)))
                {
                    Add(fewest, service, provider);
                }
            }

            if (_search.Value(variable) < 0)
            {
                foreach (var (consumer, _) in _problem.CurrentConsumersOf(service).Where(c => ground.VariableOf(c.Consumer) < 0))
                {
                    Add(fewest, consumer, service);
                }
            }
        }
    }

    private IEnumerable<int> ProvidersOf(int variable)
    {
        var service = ground.ServiceOf(variable);
        return ValuesOf(service).Where(v => v > 0)
            .SelectMany(value => _problem.ShelfOf(service).Releases[value - 1].Needs)
            .Select(need => _problem.NumberOf(need.Service))
            .Where(provider => provider != service)
            .Distinct();
    }

    private List<int> ValuesOf(int service)
    {
        var variable = ground.VariableOf(service);
        if (variable < 0)
        {
            return [_problem.SettledValue(service)];
        }

        var domain = _search.Domain(variable);
        var values = new List<int>();
        for (var value = Bits.Next(domain, 0); value >= 0; value = Bits.Next(domain, value + 1))
        {
            values.Add(value);
        }

        return values;
    }

    private void Add(CoreGuided fewest, int consumer, int provider)
    {
        if (!_done.Add((consumer, provider)))
        {
            return;
        }

        var (from, to) = (_problem.ShelfOf(consumer), _problem.ShelfOf(provider));
        var ran = new Dictionary<int, ulong[]>();
        foreach (var set in _problem.Question.History)
        {
            if (set.TryGetValue(from.Name, out var a) && set.TryGetValue(to.Name, out var b) && from.ValueOf(a) is > 0 and var value && to.ValueOf(b) is > 0 and var other)
            {
                Bits.Set(ran.TryGetValue(value, out var others) ? others : ran[value] = new ulong[to.Words], other);
            }
        }

        Span<ulong> both = [3];
        var broken = _search.AddVariable(2, both, both, lazy: false, decided: false);
        foreach (var value in ValuesOf(consumer).Where(v => v > 0 && from.Releases[v - 1].Needs.Any(n => n.Service == to.Name)))
        {
            var together = ran.TryGetValue(value, out var others) ? others : new ulong[to.Words];
            together[0] |= 1;
            var literals = new List<Literal> { new(broken, [2]) };
            AddUnlessSettled(literals, consumer, Others(from, value));
            AddUnlessSettled(literals, provider, together);
            _search.AddClause(literals);
        }

        fewest.Add(new Literal(broken, [1]));
    }

    // What was never touched has one value: then the literal is false, or else the clause would not be needed, but does no harm.
    private void AddUnlessSettled(List<Literal> literals, int service, ulong[] set)
    {
        if (ground.VariableOf(service) is >= 0 and var variable)
        {
            literals.Add(new Literal(variable, set));
        }
        else if (Bits.Has(set, _problem.SettledValue(service)))
        {
            literals.Add(new Literal(literals[0].Variable, [3]));
        }
    }

    private static ulong[] Others(Shelf shelf, int value)
    {
        var others = new ulong[shelf.Words];
        Bits.Fill(others, shelf.Values);
        Bits.Clear(others, value);
        return others;
    }
}
