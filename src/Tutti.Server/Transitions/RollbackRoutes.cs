using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tutti.Control.Commands;
using Tutti.Control.State;
using Tutti.Control.Versions;
using Tutti.Decisions.Versions.Solving;
using Tutti.Model.Manifest;
using Tutti.Model.Versions;
using Tutti.Server.Api;
using Tutti.Server.Hosting;

namespace Tutti.Server.Transitions;

/// <summary>Going back: one service with whatever must follow, or the whole architecture.</summary>
internal static class RollbackRoutes
{
    /// <summary>Longest time a search may take: random ranges can be hard, real ones take milliseconds.</summary>
    private static readonly TimeSpan _longestSearch = TimeSpan.FromSeconds(20);

    public static void MapRollback(this IEndpointRouteBuilder api, ServerContext server)
    {
        api.MapPost("/architectures/{architecture}/rollback", (string architecture, JsonBody<RollbackRequest> body, string? author, CancellationToken gone) =>
                RunAsync(server, architecture, body.Value ?? new RollbackRequest(), Author.Of(author), gone))
            .WithTags("Architectures")
            .WithSummary("Goes back: the whole architecture to a set, or one service with whatever must follow");
        api.MapPost("/architectures/{architecture}/rollback/plan", (string architecture, JsonBody<RollbackRequest> body) =>
                Plan(server, architecture, body.Value ?? new RollbackRequest()))
            .WithTags("Architectures")
            .WithSummary("What going back would move, and why; nothing is changed");
    }

    private static Results<Ok<RollbackPlanDocument>, ProblemAnswer> Plan(ServerContext server, string name, RollbackRequest request)
    {
        if (Work(server, name, request, out var planning, out var answer) is { } problem)
        {
            return problem;
        }

        if (answer is NoSolution none)
        {
            return TypedResults.Ok(new RollbackPlanDocument
            {
                Architecture = name,
                FromSet = planning.Current.Number,
                Goal = planning.Goal,
                Solved = false,
                Explanation = none.Explanation,
                Nearest = WaysOut(planning, none),
            });
        }

        var spec = SpecOf(planning, answer);
        return TypedResults.Ok(new RollbackPlanDocument
        {
            Architecture = name,
            FromSet = planning.Current.Number,
            Goal = planning.Goal,
            Solved = true,
            Moves = Moves(planning, answer),
            Changes = ServiceChangeDocument.Of(server.CompareSpecs(planning.Current.Spec, spec)),
            Transition = server.Control.View.Read((state, _) => TransitionOutlook.Of(state, spec, request.AllowGap)),
        });
    }

    private static async Task<Results<Ok<ChangeDocument>, ProblemAnswer>> RunAsync(
        ServerContext server, string name, RollbackRequest request, string author, CancellationToken gone)
    {
        if (Work(server, name, request, out var planning, out var answer) is { } problem)
        {
            return problem;
        }

        if (request.FromSet is { } seen && seen != planning.Current.Number)
        {
            return ProblemAnswer.Conflict($"{name} moved on from set {seen} to set {planning.Current.Number} since the plan was made: look at a new plan");
        }

        if (answer is NoSolution none)
        {
            var ways = WaysOut(planning, none);
            var nearest = ways.IsEmpty ? "" : $". What can be had: {string.Join("; ", ways)}";
            return ProblemAnswer.Of(409, "no-solution", "No solution", $"{planning.Goal} cannot be: {string.Join("; ", none.Explanation)}{nearest}");
        }

        Command command = planning.Whole is { } whole
            ? new RollbackArchitecture(name, whole.Number, request.Force, author, request.AllowGap)
            : new MoveArchitecture(SpecOf(planning, answer), planning.Current.Number, planning.Origin, author, $"rollback {planning.Goal}", request.AllowGap);
        return ChangeAnswer.Of(await server.Commands.SubmitAsync(command, gone), name, () => null);
    }

    /// <summary>What can be had instead: not what runs already, and force where that would do.</summary>
    private static ImmutableArray<string> WaysOut(RollbackPlanning planning, NoSolution none)
    {
        var question = planning.Question!;
        var nearest = none.Nearest
            .Where(each => !each.Released.IsEmpty || each.Wishes.Any(wish => question.Current.GetValueOrDefault(wish.Key, []).All(now => wish.Value.Range?.Accepts(now) != true)))
            .Select(each => each.Text);
        var forced = !question.Force && Search(question with { Force = true }) is Solution;
        return [.. forced ? [$"{planning.Goal} with --force, past what is marked 'reversible: false'"] : Array.Empty<string>(), .. nearest];
    }

    /// <summary>The solver's answer; null where it takes too long.</summary>
    private static SolveAnswer? Search(SolveQuestion question)
    {
        using var limit = new CancellationTokenSource(_longestSearch);
        try
        {
            return VersionSolver.Solve(question, limit.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Reads under the view's lock, solves outside it.</summary>
    private static ProblemAnswer? Work(ServerContext server, string name, RollbackRequest request, out RollbackPlanning planning, out SolveAnswer? answer)
    {
        (planning, answer) = (null!, null);
        VersionRange? to = null;
        if (request.To is not null && !VersionRange.TryParse(request.To, out to))
        {
            return ProblemAnswer.Invalid($"'{request.To}' is not a version or a range such as 1.1.0 or ^1");
        }

        var pins = ImmutableSortedDictionary.CreateBuilder<string, VersionRange>(StringComparer.Ordinal);
        foreach (var (service, text) in request.Pin)
        {
            if (!VersionRange.TryParse(text, out var range))
            {
                return ProblemAnswer.Invalid($"pin of {service}: '{text}' is not a version range such as ^2");
            }

            pins[service] = range;
        }

        if (request.Service is null && (to is not null || pins.Count > 0 || request.Hold.Length > 0))
        {
            return ProblemAnswer.Invalid("to, pin and hold go with one service: name it, or go back to a set as a whole");
        }

        if (to is not null && request.Set is not null)
        {
            return ProblemAnswer.Invalid("to and set exclude each other: a set says which version already");
        }

        var wish = new RollbackWish
        {
            Architecture = name,
            Service = request.Service,
            To = to,
            Set = request.Set,
            Pins = pins.ToImmutable(),
            Holds = request.Hold.ToImmutableSortedSet(StringComparer.Ordinal),
            Force = request.Force,
        };
        var (found, problem) = server.Control.View.Read((state, _) =>
        {
            var (made, refusal) = RollbackPlanning.Of(state, wish);
            return (made, refusal is null ? null : Missed(state, wish, refusal));
        });
        if (found is null)
        {
            return problem;
        }

        planning = found;
        if (found.Question is { } question)
        {
            answer = Search(question);
            return answer is not null ? null : ProblemAnswer.Unavailable(
                $"no answer to {found.Goal} was found within {_longestSearch.TotalSeconds:0} s, nor a proof that there is none; hold or pin more services, or go back to a set as a whole");
        }

        return null;
    }

    /// <summary>With the nearest right name where something is missing.</summary>
    private static ProblemAnswer Missed(ClusterState state, RollbackWish wish, Refusal refusal) =>
        refusal.Type != "not-found" ? ProblemAnswer.Of(refusal)
        : state.Architectures.Find(wish.Architecture) is null ? Missing.Architecture(state, wish.Architecture)
        : wish.Set is { } number && state.Set(wish.Architecture, number) is null ? Missing.Set(state, wish.Architecture, number)
        : ProblemAnswer.Of(refusal);

    private static ArchitectureSpec SpecOf(RollbackPlanning planning, SolveAnswer? answer) =>
        answer is Solution solution ? planning.SpecOf(solution) : planning.Whole!.Spec;

    private static ImmutableArray<VersionMoveDocument> Moves(RollbackPlanning planning, SolveAnswer? answer)
    {
        if (answer is Solution solution)
        {
            return [.. solution.Changed.OrderBy(move => planning.Question!.Wishes.ContainsKey(move.Service) ? 0 : 1).Select(move => new VersionMoveDocument(move.Service, move.From.IsEmpty ? null : move.From[0], move.To, move.Because))];
        }

        var because = $"set {planning.Whole!.Number} has it so";
        var before = planning.Current.Spec.Services;
        var after = planning.Whole.Spec.Services;
        return [.. before.Keys.Union(after.Keys).Order(StringComparer.Ordinal)
            .Select(service => new VersionMoveDocument(service, before.GetValueOrDefault(service)?.Version, after.GetValueOrDefault(service)?.Version, because))
            .Where(move => !Equals(move.From, move.To))];
    }
}
