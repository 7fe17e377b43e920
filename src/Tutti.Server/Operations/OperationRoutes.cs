using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tutti.Control.State;
using Tutti.Server.Api;
using Tutti.Server.Hosting;

namespace Tutti.Server.Operations;

/// <summary>Operations, running and ended.</summary>
internal static class OperationRoutes
{
    public static void MapOperations(this IEndpointRouteBuilder api, ServerContext server)
    {
        api.MapGet("/operations", (string? architecture, string? service) => Read(server, architecture, service))
            .WithTags("Operations")
            .WithSummary("Operations, newest last");
    }

    private static Results<Ok<Operation[]>, ProblemAnswer> Read(ServerContext server, string? architecture, string? service) =>
        server.Control.View.Read<Results<Ok<Operation[]>, ProblemAnswer>>((state, _) =>
            architecture is not null && state.Architectures.Find(architecture) is null
                ? Missing.Architecture(state, architecture)
                : TypedResults.Ok(state.Operations.Values
                    .Where(o => (architecture is null || o.Architecture == architecture) && (service is null || o.Service == service))
                    .ToArray()));
}
