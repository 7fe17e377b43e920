using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tutti.Server.Api;
using Tutti.Server.Hosting;

namespace Tutti.Server.Status;

/// <summary>The server itself.</summary>
internal static class StatusRoutes
{
    private static readonly string _version =
        typeof(StatusRoutes).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public static void MapStatus(this IEndpointRouteBuilder api, ServerContext server)
    {
        api.MapGet("/status", () => TypedResults.Ok(new StatusDocument
        {
            Version = _version,
            ClusterId = server.Control.ClusterId,
            Pid = Environment.ProcessId,
            Started = server.Started,
            Revision = server.Control.View.Revision,
            Dns = server.Dns,
        }))
            .WithTags("Status")
            .WithSummary("The server: version, cluster, process id, revision, DNS address");
    }
}
