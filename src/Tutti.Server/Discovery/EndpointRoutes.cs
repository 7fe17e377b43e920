using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tutti.Control.State;
using Tutti.Model.Discovery;
using Tutti.Server.Api;
using Tutti.Server.Hosting;
using Tutti.Server.Streams;

namespace Tutti.Server.Discovery;

/// <summary>Discovery over HTTP.</summary>
internal static class EndpointRoutes
{
    public static void MapDiscovery(this IEndpointRouteBuilder api, ServerContext server)
    {
        api.MapGet("/architectures/{architecture}/endpoints", (HttpContext context, string architecture, long? after, bool? watch) =>
                AllAsync(server, context, architecture, after, watch))
            .WithTags("Discovery")
            .WithSummary("Endpoints of every service; a watch where text/event-stream is accepted");
        api.MapGet("/architectures/{architecture}/services/{service}/endpoints", (HttpContext context, string architecture, string service, long? after, bool? watch) =>
                OneAsync(server, context, new ServiceKey(architecture, service), after, watch))
            .WithTags("Discovery")
            .WithSummary("Endpoints of a service; a watch where text/event-stream is accepted")
            .WithDescription("Each event of a watch holds the whole list and replaces the one before.");
    }

    private static async Task<Results<Ok<ServiceEndpoints[]>, ProblemAnswer, EmptyHttpResult>> AllAsync(
        ServerContext server, HttpContext context, string architecture, long? after, bool? watch)
    {
        var view = server.Control.View;
        if (view.Read((state, _) => state.Architectures.Find(architecture) is null ? Missing.Architecture(state, architecture) : null) is { } missing)
        {
            return missing;
        }

        if (WatchRequest.IsWatch(context.Request, watch))
        {
            await WatchAsync(server, context, architecture, null, after);
            return TypedResults.Empty;
        }

        return TypedResults.Ok(view.Read((state, revision) => EndpointList.Services(state, architecture)
            .Order(StringComparer.Ordinal)
            .Select(service => ListOf(state, revision, new ServiceKey(architecture, service)))
            .ToArray()));
    }

    private static async Task<Results<Ok<ServiceEndpoints>, ProblemAnswer, EmptyHttpResult>> OneAsync(
        ServerContext server, HttpContext context, ServiceKey key, long? after, bool? watch)
    {
        var view = server.Control.View;
        if (view.Read((state, _) => EndpointList.Exists(state, key) ? null : Missing.Service(state, key.Architecture, key.Service)) is { } missing)
        {
            return missing;
        }

        if (WatchRequest.IsWatch(context.Request, watch))
        {
            await WatchAsync(server, context, key.Architecture, key.Service, after);
            return TypedResults.Empty;
        }

        return TypedResults.Ok(view.Read((state, revision) => ListOf(state, revision, key)));
    }

    private static async Task WatchAsync(ServerContext server, HttpContext context, string architecture, string? service, long? after)
    {
        var known = WatchRequest.After(context.Request, after);
        var stream = server.Streams.Open(context);
        try
        {
            await stream.RunAsync(server.Endpoints.Add(architecture, service, known, stream));
        }
        finally
        {
            server.Endpoints.Remove(architecture, stream);
            server.Streams.Close(stream);
        }
    }

    private static ServiceEndpoints ListOf(ClusterState state, long revision, ServiceKey key) =>
        new() { Architecture = key.Architecture, Service = key.Service, Revision = revision, Endpoints = EndpointList.Of(state, key) };
}
