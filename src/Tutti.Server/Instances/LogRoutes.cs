using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Tutti.Control.State;
using Tutti.Model.Agents;
using Tutti.Server.Api;
using Tutti.Server.Hosting;

namespace Tutti.Server.Instances;

/// <summary>Reading a log: the agent is asked over its watch and posts the log back, which is passed on as it comes.</summary>
internal static class LogRoutes
{
    private const int MostTail = 10_000;

    public static async Task<Results<EmptyHttpResult, ProblemAnswer>> ReadAsync(
        ServerContext server, HttpContext context, string architecture, string id, int tail, bool follow)
    {
        if (tail is < 0 or > MostTail)
        {
            return ProblemAnswer.Malformed($"tail={tail} is not between 0 and {MostTail}");
        }

        var (instance, missing) = server.Control.View.Read((state, _) =>
            state.Instances.Find($"{architecture}/{id}") is { } found ? (found, null) : ((Instance?)null, Missing.Instance(state, architecture, id)));
        if (instance is null)
        {
            return missing!;
        }

        if (instance.Node is not { } node)
        {
            return ProblemAnswer.Conflict($"instance {instance.Key} has no log yet: it waits for a node{(instance.Reason is { } reason ? $" ({reason})" : "")}");
        }

        using var pending = server.Logs.Expect(node);
        if (!server.Nodes.TryAsk(node, new LogRequest { Stream = pending.Stream, Instance = instance.Key, Tail = tail, Follow = follow }))
        {
            return NotConnected(server, node, instance);
        }

        try
        {
            var content = await pending.Content.WaitAsync(server.Logs.Patience, context.RequestAborted);
            await PassOnAsync(content, context);
            pending.Finish();
        }
        catch (TimeoutException)
        {
            return ProblemAnswer.Of(504, "agent-silent", "The agent does not answer",
                $"the agent of node '{node}' did not begin to send the log of {instance.Key} within {server.Logs.Patience.TotalSeconds:0} s; try again, or look at the node");
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The reader has left: disposing the pending log tells the agent.
        }

        return TypedResults.Empty;
    }

    /// <summary>The agent's side.</summary>
    public static async Task<Results<NoContent, ProblemAnswer>> ReceiveAsync(ServerContext server, HttpContext context, string node, string stream)
    {
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            // A followed log may be silent for as long as its instance is.
            rate.MinDataRate = null;
        }

        if (server.Logs.Take(node, stream) is not { } pending)
        {
            return ProblemAnswer.NotFound($"nobody waits for log stream '{stream}' of node '{node}' any more");
        }

        if (!await pending.HandOver(context.Request.BodyReader))
        {
            // Closing the connection is the only way to tell an agent in the middle of its body that nobody reads on.
            context.Abort();
        }

        return TypedResults.NoContent();
    }

    private static async Task PassOnAsync(PipeReader content, HttpContext context)
    {
        var response = context.Response;
        response.ContentType = "text/plain; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        await response.StartAsync(context.RequestAborted);
        await response.BodyWriter.FlushAsync(context.RequestAborted);
        while (true)
        {
            ReadResult read;
            try
            {
                read = await content.ReadAsync(context.RequestAborted);
            }
            catch (Exception e) when (e is IOException && !context.RequestAborted.IsCancellationRequested)
            {
                // The agent broke off: the reader must not take what it got for the whole log.
                context.Abort();
                return;
            }

            foreach (var segment in read.Buffer)
            {
                response.BodyWriter.Write(segment.Span);
            }

            content.AdvanceTo(read.Buffer.End);
            await response.BodyWriter.FlushAsync(context.RequestAborted);
            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    private static ProblemAnswer NotConnected(ServerContext server, string node, Instance instance)
    {
        var heard = server.Control.Pulse(node) is { } pulse ? $"it was last heard from at {pulse.HeardAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}" : "it has not been heard from since this server started";
        return ProblemAnswer.Unavailable($"the agent of node '{node}' is not connected, so the log of {instance.Key} cannot be read; {heard}");
    }
}
