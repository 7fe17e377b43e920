using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tutti.Control.State;
using Tutti.Server.Api;
using Tutti.Server.Hosting;

namespace Tutti.Server.Transitions;

/// <summary>The way from one version set to the next, as it is gone.</summary>
internal static class TransitionRoutes
{
    private const string All = "/architectures/{architecture}/transitions";

    public static void MapTransitions(this IEndpointRouteBuilder api, ServerContext server)
    {
        var group = api.MapGroup("").WithTags("Transitions");
        group.MapGet(All, (string architecture) => Read(server, architecture))
            .WithSummary("Transitions, oldest first; only the newest are kept");
        group.MapGet(All + "/current", (string architecture) => Find(server, architecture, null))
            .WithSummary("The way to the current version set: events, waves, how far it is, who gets how much traffic");
        group.MapGet(All + "/{set:int}", (string architecture, int set) => Find(server, architecture, set))
            .WithSummary("The way to one version set");
    }

    private static Results<Ok<TransitionDocument[]>, ProblemAnswer> Read(ServerContext server, string name) =>
        server.Control.View.Read<Results<Ok<TransitionDocument[]>, ProblemAnswer>>((state, _) =>
            state.Architectures.Find(name) is null
                ? Missing.Architecture(state, name)
                : TypedResults.Ok(state.TransitionsOf(name).Select(transition => TransitionView.Of(state, transition)).ToArray()));

    private static Results<Ok<TransitionDocument>, ProblemAnswer> Find(ServerContext server, string name, int? set) =>
        server.Control.View.Read<Results<Ok<TransitionDocument>, ProblemAnswer>>((state, _) =>
            state.Architectures.Find(name) is not { } architecture ? Missing.Architecture(state, name)
            : state.Transition(name, set ?? architecture.CurrentSet) is { } transition ? TypedResults.Ok(TransitionView.Of(state, transition))
            : ProblemAnswer.NotFound($"no transition of {name} to set {set ?? architecture.CurrentSet} is kept; there are those to {Kept(state, name)}"));

    private static string Kept(ClusterState state, string name) =>
        string.Join(", ", state.TransitionsOf(name).TakeLast(20).Select(transition => transition.ToSet)) is { Length: > 0 } kept ? kept : "none";
}
