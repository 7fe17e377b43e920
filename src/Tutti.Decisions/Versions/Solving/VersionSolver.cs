using System.Collections.Immutable;
using Tutti.Decisions.Versions.Solving.Explaining;
using Tutti.Decisions.Versions.Solving.Grounding;
using Tutti.Decisions.Versions.Solving.Optimizing;
using Tutti.Decisions.Versions.Solving.Search;
using Tutti.Model.Versions;

namespace Tutti.Decisions.Versions.Solving;

/// <summary>Finds the best set of versions for a request, or says why there is none.</summary>
public static class VersionSolver
{
    /// <summary>Answers the question. The same question always has the same answer, and releases that nothing leads to have no say in it.</summary>
    public static SolveAnswer Solve(SolveQuestion question)
    {
        if (Explainer.OfUnknown(question) is { } unknown)
        {
            return unknown;
        }

        var problem = new Problem(question);
        var ground = new Ground(problem, new DomainSearch { Tracking = true });
        var optimizer = new Optimizer(ground);
        if (!optimizer.FindAny())
        {
            return Explainer.Of(ground);
        }

        optimizer.FindBest();
        return SolutionOf(ground);
    }

    private static Solution SolutionOf(Ground ground)
    {
        var (problem, question) = (ground.Problem, ground.Problem.Question);
        var versions = ImmutableSortedDictionary.CreateBuilder<string, ReleaseVersion>(StringComparer.Ordinal);
        foreach (var (name, current) in question.Current)
        {
            if (ground.VariableOf(problem.NumberOf(name)) < 0)
            {
                versions.Add(name, current[0]);
            }
        }

        foreach (var variable in ground.Variables)
        {
            var shelf = problem.ShelfOf(ground.ServiceOf(variable));
            if (ground.Search.Value(variable) is > 0 and var value)
            {
                versions.Add(shelf.Name, shelf.Version(value));
            }
        }

        var chosen = versions.ToImmutable();
        var moved = chosen.Where(c => !question.Current.TryGetValue(c.Key, out var current) || !current.Contains(c.Value)).ToArray();
        var reasons = new MoveReasons(problem, chosen, moved.Select(c => c.Key)).All();
        return new Solution
        {
            Versions = chosen,
            Changed = [.. moved.Select(c => new VersionMove(c.Key, question.Current.GetValueOrDefault(c.Key, []), c.Value, reasons[c.Key]))],
        };
    }
}
