using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tutti.Control.State;
using Tutti.Server.Api;
using Tutti.Server.Hosting;
using Tutti.Server.Streams;

namespace Tutti.Server.Events;

/// <summary>The journal.</summary>
internal static class EventRoutes
{
    private const int DefaultLimit = 1_000;

    public static void MapEvents(this IEndpointRouteBuilder api, ServerContext server)
    {
        api.MapGet("/events", (HttpContext context, string? architecture, string? service, long? after, int? limit, bool? watch) =>
                ReadAsync(server, context, new JournalFilter(architecture, service), after, limit, watch))
            .WithTags("Events")
            .WithSummary("The journal, oldest first; a watch where text/event-stream is accepted")
            .WithDescription("With after: the first lines after that sequence. Without: the newest lines. A watch without after and limit begins with what comes next.")
            .Produces<IReadOnlyList<Event>>();
    }

    private static async Task<Results<Ok<IReadOnlyList<Event>>, ProblemAnswer, EmptyHttpResult>> ReadAsync(
        ServerContext server, HttpContext context, JournalFilter filter, long? after, int? limit, bool? watch)
    {
        if (limit is < 0 or > Journal.MostLines)
        {
            return ProblemAnswer.Malformed($"limit={limit} is not between 0 and {Journal.MostLines}");
        }

        if (!WatchRequest.IsWatch(context.Request, watch))
        {
            var most = limit ?? DefaultLimit;
            return server.Control.View.Read<Results<Ok<IReadOnlyList<Event>>, ProblemAnswer, EmptyHttpResult>>((state, _) =>
                filter.Architecture is { } architecture && state.Architectures.Find(architecture) is null ? Missing.Architecture(state, architecture)
                : TypedResults.Ok<IReadOnlyList<Event>>(after is { } sequence ? Journal.After(state, filter, sequence, most) : Journal.Newest(state, filter, most)));
        }

        var stream = server.Streams.Open(context);
        try
        {
            await stream.RunAsync(server.Journal.Add(filter, WatchRequest.After(context.Request, after), limit ?? 0, stream));
        }
        finally
        {
            server.Journal.Remove(stream);
            server.Streams.Close(stream);
        }

        return TypedResults.Empty;
    }
}
