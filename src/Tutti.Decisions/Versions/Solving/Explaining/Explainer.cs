using System.Collections.Immutable;
using Tutti.Decisions.Versions.Solving.Grounding;
using Tutti.Decisions.Versions.Solving.Search;
using Spelling = Tutti.Model.Problems.Spelling;

namespace Tutti.Decisions.Versions.Solving.Explaining;

/// <summary>Says why there is no solution, and what could be asked instead.</summary>
internal static class Explainer
{
    /// <summary>What was asked about services that nobody knows; null where all are known.</summary>
    public static NoSolution? OfUnknown(SolveQuestion question)
    {
        var lines = ImmutableArray.CreateBuilder<string>();
        foreach (var (name, wish) in question.Wishes)
        {
            Check(name, $"you asked for {name} {wish}");
        }

        foreach (var name in question.Holds)
        {
            Check(name, $"you hold {name}");
        }

        foreach (var (name, pin) in question.Pins)
        {
            Check(name, $"you pin {name} to {pin}");
        }

        return lines.Count > 0 ? new NoSolution { Explanation = lines.DrainToImmutable() } : null;

        void Check(string name, string said)
        {
            if (!question.Catalogue.Services.ContainsKey(name) && !question.Current.ContainsKey(name))
            {
                var nearest = Spelling.Nearest(name, question.Catalogue.Services.Keys.Union(question.Current.Keys, StringComparer.Ordinal));
                lines.Add($"{said}, but there is no service {name}{(nearest is null ? "" : $"; did you mean {nearest}?")}");
            }
        }
    }

    /// <summary>What a search's contradiction follows from.</summary>
    public static NoSolution Of(Ground ground, CancellationToken cancel)
    {
        var problem = ground.Problem;
        var core = MinimalCore.Of(problem, OfOneService(problem) ?? Contradiction.FactsOf(problem, ground.Search, ground.ServiceOf));
        var (lines, ranges) = FactChain.Of(problem, core);
        return new NoSolution { Explanation = lines, Core = ranges, Nearest = new NearestRequests(problem, core, cancel).Find() };
    }

    // What is asked of one service may already be too much, whatever releases accept of others.
    private static List<Fact>? OfOneService(Problem problem)
    {
        foreach (var name in problem.Question.Wishes.Keys.Union(problem.Question.Current.Keys, StringComparer.Ordinal))
        {
            var service = problem.NumberOf(name);
            if (Bits.IsEmpty(problem.Possible(service, fact => fact.Kind != FactKind.Need)))
            {
                return [.. problem.AloneOn(service).Select(a => a.Fact).Where(fact => fact.Kind != FactKind.Need)];
            }
        }

        return null;
    }
}
