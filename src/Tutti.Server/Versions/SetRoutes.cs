using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tutti.Control.State;
using Tutti.Server.Api;
using Tutti.Server.Hosting;

namespace Tutti.Server.Versions;

/// <summary>Version sets: the list, one, and what differs between two.</summary>
internal static class SetRoutes
{
    private const string All = "/architectures/{architecture}/sets";
    private const int MostSets = 1_000;

    public static void MapSets(this IEndpointRouteBuilder api, ServerContext server)
    {
        var group = api.MapGroup("").WithTags("Versions");
        group.MapGet(All, (string architecture, int? limit) => Sets(server, architecture, limit))
            .WithSummary("The newest version sets, oldest first");
        group.MapGet(All + "/{number:int}", (string architecture, int number) => Set(server, architecture, number))
            .WithSummary("One version set");
        group.MapGet(All + "/{number:int}/diff", (string architecture, int number, int? to) => Difference(server, architecture, number, to))
            .WithSummary("What differs from one set to another, or to the current one");
    }

    private static Results<Ok<VersionSet[]>, ProblemAnswer> Sets(ServerContext server, string name, int? limit)
    {
        if (limit is < 1 or > MostSets)
        {
            return ProblemAnswer.Malformed($"limit={limit} is not between 1 and {MostSets}");
        }

        return server.Control.View.Read<Results<Ok<VersionSet[]>, ProblemAnswer>>((state, _) =>
            state.Architectures.Find(name) is null
                ? Missing.Architecture(state, name)
                : TypedResults.Ok(state.SetsOf(name).TakeLast(limit ?? 100).ToArray()));
    }

    private static Results<Ok<VersionSet>, ProblemAnswer> Set(ServerContext server, string name, int number) =>
        server.Control.View.Read<Results<Ok<VersionSet>, ProblemAnswer>>((state, _) =>
            state.Set(name, number) is { } set ? TypedResults.Ok(set) : Missing.Set(state, name, number));

    private static Results<Ok<SetDifferenceDocument>, ProblemAnswer> Difference(ServerContext server, string name, int number, int? other)
    {
        var (from, to, missing) = server.Control.View.Read((state, _) =>
        {
            var second = other ?? state.Architectures.Find(name)?.CurrentSet ?? number;
            var (before, after) = (state.Set(name, number), state.Set(name, second));
            return (before, after, before is null || after is null ? Missing.Set(state, name, before is null ? number : second) : null);
        });
        return missing is not null
            ? missing
            : TypedResults.Ok(new SetDifferenceDocument
            {
                Architecture = name,
                From = from!.Number,
                To = to!.Number,
                Changes = ServiceChangeDocument.Of(server.CompareSpecs(from.Spec, to.Spec)),
            });
    }
}
