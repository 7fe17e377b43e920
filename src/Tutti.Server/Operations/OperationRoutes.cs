using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tutti.Server.Hosting;

namespace Tutti.Server.Operations;

/// <summary>Operations, running and ended.</summary>
internal static class OperationRoutes
{
    public static void MapOperations(this IEndpointRouteBuilder api, ServerContext server)
    {
        api.MapGet("/operations", (string? architecture, string? service) => server.Control.View.Read((state, _) => TypedResults.Ok(
                state.Operations.Values
                    .Where(o => (architecture is null || o.Architecture == architecture) && (service is null || o.Service == service))
                    .ToArray())))
            .WithTags("Operations")
            .WithSummary("Operations, newest last");
    }
}
