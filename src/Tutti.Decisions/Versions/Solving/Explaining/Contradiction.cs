using Tutti.Decisions.Versions.Solving.Grounding;
using Tutti.Decisions.Versions.Solving.Search;

namespace Tutti.Decisions.Versions.Solving.Explaining;

/// <summary>Finds out whether some of the facts contradict each other, and which of them.</summary>
internal static class Contradiction
{
    /// <summary>The facts that a search's contradiction follows from.</summary>
    public static List<Fact> FactsOf(Problem problem, DomainSearch search, Func<int, int> serviceOf, Func<Fact, bool>? counts = null)
    {
        var facts = new List<Fact>();
        foreach (var (edge, values) in search.EdgesOfContradiction())
        {
            var (from, to) = search.EndsOf(edge);
            var (consumer, provider) = (serviceOf(from), problem.NameOf(serviceOf(to)));
            for (var value = Bits.Next(values, 1); value > 0; value = Bits.Next(values, value + 1))
            {
                var needs = problem.ShelfOf(consumer).Releases[value - 1].Needs;
                for (var n = 0; n < needs.Length; n++)
                {
                    if (needs[n].Service == provider)
                    {
                        facts.Add(new Fact(FactKind.Need, consumer, value, n));
                    }
                }
            }
        }

        foreach (var (variable, values) in search.ImpossibleOfContradiction())
        {
            foreach (var (fact, allowed) in problem.AloneOn(serviceOf(variable)))
            {
                if ((counts is null || counts(fact)) && !Bits.IsWithin(values, allowed))
                {
                    Bits.And(values, allowed);
                    facts.Add(fact);
                }
            }
        }

        return [.. facts.Where(fact => counts is null || counts(fact)).Distinct()];
    }

    /// <summary>Those of the facts that already contradict each other; null where all can hold together. Nothing else is taken to hold.</summary>
    public static List<Fact>? Among(Problem problem, IReadOnlyCollection<Fact> facts)
    {
        var search = new DomainSearch { Tracking = true };
        var counted = facts.ToHashSet();
        var variables = new Dictionary<int, int>();
        var services = new List<int>();
        var edges = new OrderedDictionary<(int Consumer, int Provider, int Place), EdgeBuilder>();
        foreach (var fact in facts.OrderBy(f => f.Service).ThenBy(f => f.Kind).ThenBy(f => f.Value).ThenBy(f => f.Need))
        {
            VariableOf(fact.Service);
            if (fact.Kind != FactKind.Need)
            {
                continue;
            }

            var consumer = problem.ShelfOf(fact.Service);
            var need = consumer.Releases[fact.Value - 1].Needs[fact.Need];
            var provider = problem.NumberOf(need.Service);
            if (provider == fact.Service)
            {
                continue;
            }

            VariableOf(provider);
            var place = 0;
            while (edges.TryGetValue((fact.Service, provider, place), out var taken) && taken.LastValue == fact.Value)
            {
                place++;
            }

            if (!edges.TryGetValue((fact.Service, provider, place), out var builder))
            {
                edges.Add((fact.Service, provider, place), builder = new EdgeBuilder());
            }

            builder.Add(consumer, problem.ShelfOf(provider), fact.Value, need);
        }

        foreach (var ((consumer, provider, _), builder) in edges)
        {
            builder.AddTo(search, variables[consumer], variables[provider]);
        }

        return search.Search([], []) ? null : FactsOf(problem, search, variable => services[variable], counted.Contains);

        void VariableOf(int service)
        {
            if (!variables.ContainsKey(service))
            {
                var possible = problem.Possible(service, counted.Contains);
                variables.Add(service, search.AddVariable(problem.ShelfOf(service).Values, possible, possible, lazy: false, decided: true));
                services.Add(service);
            }
        }
    }
}
