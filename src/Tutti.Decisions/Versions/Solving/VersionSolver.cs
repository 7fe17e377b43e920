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
    /// <remarks>
    /// Choosing versions is NP-complete: catalogues exist for which an answer takes too long to wait for. The answer to those that grow in practice takes milliseconds.
    /// Needs may form cycles; a release that needs its own service has to be accepted by itself. Current versions that are not in the catalogue cannot be chosen. A hold on a
    /// service that is not there holds nothing. Among versions that are equal but for their build metadata the first of the catalogue counts.
    /// </remarks>
    public static SolveAnswer Solve(SolveQuestion question) => Solve(question, out _);

    /// <summary>The same, unless it is cancelled.</summary>
    /// <param name="question">What is asked.</param>
    /// <param name="cancel">Ends the search where it takes too long.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static SolveAnswer Solve(SolveQuestion question, CancellationToken cancel) => Solve(question, out _, cancel);

    internal static SolveAnswer Solve(SolveQuestion question, out SolveEffort effort, CancellationToken cancel = default)
    {
        effort = new SolveEffort(0, 0, 0);
        if (Explainer.OfUnknown(question) is { } unknown)
        {
            return unknown;
        }

        var problem = new Problem(question);
        var ground = new Ground(problem, new DomainSearch { Tracking = true, Cancel = cancel });
        var optimizer = new Optimizer(ground);
        var found = optimizer.FindBest();
        effort = new SolveEffort(ground.Variables.Count, ground.Search.Conflicts, optimizer.Cores);
        return found ? SolutionOf(ground) : Explainer.Of(ground, cancel);
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
        var moved = ground.Variables.Select(variable => problem.NameOf(ground.ServiceOf(variable)))
            .Where(name => chosen.TryGetValue(name, out var version) && !(question.Current.TryGetValue(name, out var current) && current.Contains(version)))
            .Order(StringComparer.Ordinal)
            .ToArray();
        var reasons = new MoveReasons(problem, chosen, moved).All();
        return new Solution
        {
            Versions = chosen,
            Changed = [.. moved.Select(name => new VersionMove(name, question.Current.GetValueOrDefault(name, []), chosen[name], reasons[name]))],
        };
    }
}

/// <summary>What an answer took.</summary>
/// <param name="Touched">Services that came into the search; the others were left where they are.</param>
/// <param name="Conflicts">Contradictions learned from.</param>
/// <param name="Cores">Sets of wishes for no change that could not all be met.</param>
internal sealed record SolveEffort(int Touched, int Conflicts, int Cores);
