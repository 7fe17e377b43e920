using System.Globalization;
using Microsoft.AspNetCore.Http;
using Tutti.Server.Api;

namespace Tutti.Server.Streams;

/// <summary>Whether a request asks for a watch, and from where on.</summary>
internal static class WatchRequest
{
    public static bool IsWatch(HttpRequest request, bool? watch) =>
        watch ?? request.GetTypedHeaders().Accept.Any(type => type.MediaType.Equals("text/event-stream", StringComparison.OrdinalIgnoreCase));

    /// <summary>The position after which to go on: <c>Last-Event-ID</c> (a browser that reconnects), else <c>?after=</c>; null: from the beginning.</summary>
    /// <exception cref="RequestRefusedException">It is no number.</exception>
    public static long? After(HttpRequest request, long? after)
    {
        if (request.Headers["Last-Event-ID"].ToString() is not { Length: > 0 } last)
        {
            return after;
        }

        return long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : throw new RequestRefusedException(ProblemAnswer.Malformed($"Last-Event-ID '{last}' is not a number that this server gave out; leave it away"));
    }
}
