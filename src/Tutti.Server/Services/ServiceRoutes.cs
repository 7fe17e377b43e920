using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tutti.Control.Commands;
using Tutti.Control.State;
using Tutti.Server.Api;
using Tutti.Server.Events;
using Tutti.Server.Hosting;

namespace Tutti.Server.Services;

/// <summary>Services: what they are, what happened to them, and what a person may do with them.</summary>
internal static class ServiceRoutes
{
    private const string One = "/architectures/{architecture}/services/{service}";

    public static void MapServices(this IEndpointRouteBuilder api, ServerContext server)
    {
        var group = api.MapGroup("").WithTags("Services");
        group.MapGet("/architectures/{architecture}/services", (string architecture) => All(server, architecture))
            .WithSummary("Every service of an architecture");
        group.MapGet(One, (string architecture, string service) => Find(server, new ServiceKey(architecture, service)))
            .WithSummary("One service");
        group.MapGet(One + "/history", (string architecture, string service) => History(server, new ServiceKey(architecture, service)))
            .WithSummary("The journal of one service, oldest first");
        group.MapPost(One + "/scale", (string architecture, string service, JsonBody<ScaleRequest> body, string? author, CancellationToken gone) =>
                ScaleAsync(server, new ServiceKey(architecture, service), body.Required, Author.Of(author), gone))
            .WithSummary("Makes a set in which the service has another number of instances");
        MapCommand(group, server, "restart", "Replaces every instance by one like it", (a, s, author) => new RestartService(a, s, author));
        MapCommand(group, server, "pause", "Holds the operation in progress", (a, s, author) => new PauseService(a, s, true, author));
        MapCommand(group, server, "unpause", "Lets a held operation go on", (a, s, author) => new PauseService(a, s, false, author));
        MapCommand(group, server, "resume", "Lets a Failed service try again", (a, s, author) => new ResumeService(a, s, author));
    }

    private static void MapCommand(IEndpointRouteBuilder group, ServerContext server, string verb, string summary, Func<string, string, string, Command> command) =>
        group.MapPost($"{One}/{verb}", (string architecture, string service, string? author, CancellationToken gone) =>
                SubmitAsync(server, new ServiceKey(architecture, service), command(architecture, service, Author.Of(author)), gone))
            .WithSummary(summary);

    private static Results<Ok<ServiceDocument[]>, ProblemAnswer> All(ServerContext server, string architecture) =>
        server.Control.View.Read<Results<Ok<ServiceDocument[]>, ProblemAnswer>>((state, _) =>
            state.Architectures.Find(architecture) is { } found
                ? TypedResults.Ok(ServiceView.All(state, found).ToArray())
                : Missing.Architecture(state, architecture));

    private static Results<Ok<ServiceDocument>, ProblemAnswer> Find(ServerContext server, ServiceKey key) =>
        server.Control.View.Read<Results<Ok<ServiceDocument>, ProblemAnswer>>((state, _) =>
            ServiceView.Find(state, key) is { } found ? TypedResults.Ok(found) : Missing.Service(state, key.Architecture, key.Service));

    private static Results<Ok<IReadOnlyList<Event>>, ProblemAnswer> History(ServerContext server, ServiceKey key) =>
        server.Control.View.Read<Results<Ok<IReadOnlyList<Event>>, ProblemAnswer>>((state, _) =>
        {
            var lines = Journal.Newest(state, new JournalFilter(key.Architecture, key.Service), Journal.MostLines);
            return lines.Count > 0 || ServiceView.Find(state, key) is not null
                ? TypedResults.Ok<IReadOnlyList<Event>>(lines)
                : Missing.Service(state, key.Architecture, key.Service);
        });

    private static async Task<Results<Ok<ChangeDocument>, ProblemAnswer>> ScaleAsync(
        ServerContext server, ServiceKey key, ScaleRequest request, string author, CancellationToken gone)
    {
        const int Most = 1_000_000;
        var max = request.Max ?? request.Min;
        if (request.Min is < 0 or > Most || max is < 0 or > Most || max < request.Min)
        {
            return ProblemAnswer.Invalid($"cannot scale {key} to min {request.Min}, max {max}: both lie between 0 and {Most}, and max is not below min");
        }

        return await SubmitAsync(server, key, new ScaleService(key.Architecture, key.Service, request.Min, max, author), gone);
    }

    private static async Task<Results<Ok<ChangeDocument>, ProblemAnswer>> SubmitAsync(
        ServerContext server, ServiceKey key, Command command, CancellationToken gone)
    {
        var result = await server.Commands.SubmitAsync(command, gone);
        return ChangeAnswer.Of(result, key.Architecture, () => server.Control.View.Read((state, _) =>
            ServiceView.Find(state, key) is null ? Missing.Service(state, key.Architecture, key.Service) : null));
    }
}
