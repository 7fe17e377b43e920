using System.Globalization;
using System.Text;
using System.Text.Json;
using Tutti.Model;

namespace Tutti.Node.Upstreams.Http;

/// <summary>An answer that an upstream gives itself, as problem details of RFC 9457.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Type">Without its <c>tutti:</c>.</param>
/// <param name="Title">The type in words.</param>
/// <param name="Detail">One sentence that names the thing and the remedy.</param>
internal sealed record Refusal(int Status, string Type, string Title, string Detail)
{
    /// <summary>A request that could be read in more than one way, or in none.</summary>
    public static Refusal Malformed(string detail) => new(400, "malformed", "Malformed request", detail);

    /// <summary>A head that does not fit the bound.</summary>
    public static Refusal TooLarge(int most, bool line) => line
        ? new(414, "too-large", "Request line too long", $"the request line is longer than {most:N0} bytes")
        : new(431, "too-large", "Header fields too large", $"the request's head is longer than {most:N0} bytes");

    /// <summary>The whole answer.</summary>
    public byte[] Response(bool withBody, bool close)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new ProblemBody { Type = $"tutti:{Type}", Title = Title, Status = Status, Detail = Detail }, TuttiJson.Options);
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {Status} {Title}\r\nContent-Type: application/problem+json\r\nContent-Length: {body.Length}\r\nCache-Control: no-store\r\n"
            + $"{(Status == 503 ? "Retry-After: 1\r\n" : "")}{(close ? "Connection: close\r\n" : "")}\r\n");
        return withBody ? [.. Encoding.ASCII.GetBytes(head), .. body] : Encoding.ASCII.GetBytes(head);
    }

    private sealed record ProblemBody
    {
        public required string Type { get; init; }

        public required string Title { get; init; }

        public required int Status { get; init; }

        public required string Detail { get; init; }
    }
}
