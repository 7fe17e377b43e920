using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tutti.Control.Commands;
using Tutti.Control.State;
using Tutti.Server.Api;
using Tutti.Server.Hosting;
using Tutti.Server.Services;

namespace Tutti.Server.Architectures;

/// <summary>Architectures as a whole.</summary>
internal static class ArchitectureRoutes
{
    private const string One = "/architectures/{architecture}";

    public static void MapArchitectures(this IEndpointRouteBuilder api, ServerContext server)
    {
        var group = api.MapGroup("").WithTags("Architectures");
        group.MapGet("/architectures", () => server.Control.View.Read((state, _) => TypedResults.Ok(
                state.Architectures.All.OrderBy(a => a.Name, StringComparer.Ordinal).Select(a => Of(state, a)).ToArray())))
            .WithSummary("All architectures");
        group.MapGet(One, (string architecture) => Find(server, architecture)).WithSummary("One architecture");
        group.MapDelete(One, (string architecture, string? author, CancellationToken gone) =>
                SubmitAsync(server, architecture, new DestroyArchitecture(architecture, Author.Of(author)), gone))
            .WithSummary("Takes every service down; the version sets are kept");
    }

    private static ArchitectureDocument Of(ClusterState state, Architecture architecture)
    {
        var set = ServiceView.CurrentSet(state, architecture);
        return new ArchitectureDocument
        {
            Name = architecture.Name,
            Set = set.Number,
            Message = set.Message,
            Time = set.Time,
            Destroyed = architecture.Destroyed,
            Services = set.Spec.Services.Count,
            Health = ServiceView.Worst(state, architecture),
        };
    }

    private static Results<Ok<ArchitectureDocument>, ProblemAnswer> Find(ServerContext server, string name) =>
        server.Control.View.Read<Results<Ok<ArchitectureDocument>, ProblemAnswer>>((state, _) =>
            state.Architectures.Find(name) is { } found ? TypedResults.Ok(Of(state, found)) : Missing.Architecture(state, name));

    private static async Task<Results<Ok<ChangeDocument>, ProblemAnswer>> SubmitAsync(
        ServerContext server, string name, Command command, CancellationToken gone)
    {
        var result = await server.Commands.SubmitAsync(command, gone);
        return ChangeAnswer.Of(result, name, () => server.Control.View.Read((state, _) =>
            state.Architectures.Find(name) is null ? Missing.Architecture(state, name) : null));
    }
}
