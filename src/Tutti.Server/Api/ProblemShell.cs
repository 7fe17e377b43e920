using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Tutti.Control.Loop;
using Tutti.Store;

namespace Tutti.Server.Api;

/// <summary>The outermost layer: whatever goes wrong further in leaves as problem details.</summary>
internal sealed partial class ProblemShell(ILogger logger)
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        ProblemAnswer? answer;
        try
        {
            await next(context);
            answer = Bare(context);
        }
        catch (Exception e)
        {
            answer = Explain(context, e);
        }

        if (answer is null)
        {
            return;
        }

        if (context.Response.HasStarted)
        {
            // Half an answer must not look like a whole one.
            context.Abort();
            return;
        }

        await answer.ExecuteAsync(context);
    }

    /// <summary>Statuses that the framework sets without a body.</summary>
    private static ProblemAnswer? Bare(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        if (response.HasStarted || response.StatusCode < 400 || response.ContentType is not null)
        {
            return null;
        }

        return response.StatusCode switch
        {
            404 => ProblemAnswer.NotFound($"there is no {request.Method} {request.Path}; what there is stands in /api/openapi.json"),
            405 => ProblemAnswer.Of(405, "method-not-allowed", "Method not allowed",
                $"{request.Path} does not take {request.Method}, only {response.Headers.Allow}"),
            415 => ProblemAnswer.Of(415, "not-json", "Not JSON",
                $"{request.Method} {request.Path} takes JSON and not {request.ContentType}; send it with Content-Type: application/json"),
            var status => ProblemAnswer.Of(status, "refused", "Refused", $"{request.Method} {request.Path} was refused with status {status}"),
        };
    }

    private ProblemAnswer? Explain(HttpContext context, Exception e)
    {
        switch (e)
        {
            case OperationCanceledException or IOException when context.RequestAborted.IsCancellationRequested:
                return null;
            case RequestRefusedException refused:
                return refused.Answer;
            case BadHttpRequestException { StatusCode: 413 }:
                return ProblemAnswer.TooLarge($"the body of {context.Request.Path} is too large");
            case BadHttpRequestException bad:
                return ProblemAnswer.Malformed(bad.Message);
            case LoopUnavailableException or StoreException:
                return ProblemAnswer.Unavailable(e.Message);
            default:
                Log.Unexpected(logger, e, context.Request.Method, context.Request.Path);
                return ProblemAnswer.Of(500, "internal", "Internal error",
                    $"{context.Request.Method} {context.Request.Path} failed: {e.Message}; the server's log has the details");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1003, LogLevel.Error, "{Method} {Path} failed")]
        public static partial void Unexpected(ILogger logger, Exception e, string method, string path);
    }
}
