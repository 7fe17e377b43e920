using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tutti.Control.Commands;
using Tutti.Model.Agents;
using Tutti.Server.Api;
using Tutti.Server.Hosting;
using Tutti.Server.Instances;
using Tutti.Server.Security;
using Tutti.Server.Streams;

namespace Tutti.Server.Nodes;

/// <summary>What agents say and hear; only with the token.</summary>
internal static class AgentRoutes
{
    public static void MapAgents(this IEndpointRouteBuilder api, ServerContext server)
    {
        var group = api.MapGroup("/nodes/{node}").WithTags("Agents").WithMetadata(new NeedsToken());
        group.MapPost("/register", (string node, JsonBody<NodeRegistration> body, CancellationToken gone) => RegisterAsync(server, node, body.Required, gone))
            .WithSummary("An agent makes itself known")
            .WithMetadata(BodyBound.Large);
        group.MapPost("/report", (string node, JsonBody<NodeReport> body, CancellationToken gone) => ReportAsync(server, node, body.Required, gone))
            .WithSummary("An agent says what runs; renews the leases of its pets")
            .WithMetadata(BodyBound.Large);
        group.MapGet("/watch", (HttpContext context, string node, string? session, long? after) => WatchAsync(server, context, node, session, after))
            .WithSummary("What is wanted of a node, as server-sent events")
            .Produces<AssignmentEvent>(contentType: "text/event-stream");
        group.MapPost("/logs/{stream}", (HttpContext context, string node, string stream) => LogRoutes.ReceiveAsync(server, context, node, stream))
            .WithSummary("The body of a log that somebody asked for")
            .Accepts<string>("*/*");
    }

    private static async Task<Results<Ok<RegistrationReply>, ProblemAnswer>> RegisterAsync(
        ServerContext server, string node, NodeRegistration registration, CancellationToken gone)
    {
        if (registration.Name != node)
        {
            return ProblemAnswer.Invalid($"the registration is of node '{registration.Name}', but was sent to /api/nodes/{node}/register");
        }

        var result = await server.Commands.SubmitAsync(new RegisterNode(registration), gone);
        return result.Refusal is { } refusal
            ? ProblemAnswer.Of(refusal)
            : TypedResults.Ok(new RegistrationReply
            {
                ClusterId = server.Control.ClusterId,
                Lease = server.Options.NodeLease,
                Heartbeat = server.Options.Heartbeat,
            });
    }

    private static async Task<Results<Ok<ReportReply>, ProblemAnswer>> ReportAsync(ServerContext server, string node, NodeReport report, CancellationToken gone)
    {
        var result = await server.Commands.SubmitOnlyAsync(new ReportNode(node, report), gone);
        return result.Refusal switch
        {
            null => TypedResults.Ok(new ReportReply { Known = result.KnownSession }),
            { Type: "not-found" } => TypedResults.Ok(new ReportReply { Known = false }),
            var refusal => ProblemAnswer.Of(refusal),
        };
    }

    private static async Task<Results<EmptyHttpResult, ProblemAnswer>> WatchAsync(
        ServerContext server, HttpContext context, string node, string? session, long? after)
    {
        if (string.IsNullOrEmpty(session))
        {
            return ProblemAnswer.Malformed("the session is missing; watch with ?session= and the session given at registration");
        }

        var stream = server.Streams.Open(context);
        try
        {
            if (server.Nodes.Add(node, session, WatchRequest.After(context.Request, after), stream) is not { } first)
            {
                return ProblemAnswer.Conflict($"node '{node}' is not registered with this session; register again");
            }

            await stream.RunAsync([first]);
        }
        finally
        {
            server.Nodes.Remove(node, stream);
            server.Streams.Close(stream);
        }

        return TypedResults.Empty;
    }
}
