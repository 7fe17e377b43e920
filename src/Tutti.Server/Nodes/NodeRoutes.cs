using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tutti.Control.Commands;
using Tutti.Server.Api;
using Tutti.Server.Hosting;

namespace Tutti.Server.Nodes;

/// <summary>Nodes, for people.</summary>
internal static class NodeRoutes
{
    public static void MapNodes(this IEndpointRouteBuilder api, ServerContext server)
    {
        var group = api.MapGroup("/nodes").WithTags("Nodes");
        group.MapGet("", () => server.Control.View.Read((state, _) => TypedResults.Ok(
                state.Nodes.All.OrderBy(n => n.Name, StringComparer.Ordinal).Select(n => NodeView.Of(state, server.Control, n)).ToArray())))
            .WithSummary("All nodes");
        group.MapGet("/{node}", (string node) => Find(server, node)).WithSummary("One node");
        group.MapPost("/{node}/drain", (string node, JsonBody<DrainRequest> body, string? author, CancellationToken gone) =>
                SubmitAsync(server, node, new DrainNode(node, (body.Value ?? new DrainRequest()).Draining, Author.Of(author)), gone))
            .WithSummary("Moves its instances away, or lets instances come again");
        group.MapDelete("/{node}", (string node, string? author, CancellationToken gone) =>
                SubmitAsync(server, node, new RemoveNode(node, Author.Of(author)), gone))
            .WithSummary("Forgets a lost node and what ran on it");
    }

    private static Results<Ok<NodeDocument>, ProblemAnswer> Find(ServerContext server, string name) =>
        server.Control.View.Read<Results<Ok<NodeDocument>, ProblemAnswer>>((state, _) =>
            state.Nodes.Find(name) is { } node ? TypedResults.Ok(NodeView.Of(state, server.Control, node)) : Missing.Node(state, name));

    private static async Task<Results<Ok<ChangeDocument>, ProblemAnswer>> SubmitAsync(ServerContext server, string name, Command command, CancellationToken gone)
    {
        var result = await server.Commands.SubmitAsync(command, gone);
        return ChangeAnswer.Of(result, null, () => server.Control.View.Read((state, _) =>
            state.Nodes.Find(name) is null ? Missing.Node(state, name) : null));
    }
}
