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
    public static SolveAnswer Solve(SolveQuestion question) => Solve(question, out _);

    internal static SolveAnswer Solve(SolveQuestion question, out SolveEffort effort)
    {
        effort = new SolveEffort(0, 0, 0);
        if (Explainer.OfUnknown(question) is { } unknown)
        {
            return unknown;
        }

        var problem = new Problem(question);
        var ground = new Ground(problem, new DomainSearch { Tracking = true });
        var optimizer = new Optimizer(ground);
        var found = optimizer.FindBest();
        effort = new SolveEffort(ground.Variables.Count, ground.Search.Conflicts, optimizer.Cores);
        return found ? SolutionOf(ground) : Explainer.Of(ground);
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

/// <summary>What an answer took.</summary>
/// <param name="Touched">Services that came into the search; the others were left where they are.</param>
/// <param name="Conflicts">Contradictions learned from.</param>
/// <param name="Cores">Sets of wishes for no change that could not all be met.</param>
internal sealed record SolveEffort(int Touched, int Conflicts, int Cores);
