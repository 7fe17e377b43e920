using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Output;
using Tutti.Model;
using Tutti.Model.Problems;

namespace Tutti.Cli.Client;

/// <summary>An answer of problem details (RFC 9457), with a manifest's problems.</summary>
internal sealed record ProblemAnswer
{
    public string? Type { get; init; }

    public string? Title { get; init; }

    public string? Detail { get; init; }

    public ImmutableArray<Problem> Problems { get; init; } = [];

    /// <summary>The error to end with: 2 where what was asked is wrong, 1 where it could not be done.</summary>
    public static async Task<CliException> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var text = await response.Content.ReadAsStringAsync(cancellation);
        var answer = Parse(text);
        var message = answer?.Detail ?? answer?.Title ?? Otherwise(response, text);
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            message += " (the token is read from the data folder; name it with --data DIR)";
        }

        // A single problem that is the whole detail is not said twice.
        var problems = (answer?.Problems ?? []) is [var only] && only.Message == message ? [] : answer?.Problems ?? [];
        return new CliException(Code(response.StatusCode), message, [.. problems.Select(problem => problem.ToString())])
        {
            Missing = response.StatusCode == HttpStatusCode.NotFound,
        };
    }

    private static int Code(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed or HttpStatusCode.TooManyRequests => ExitCode.Failed,
        >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError => ExitCode.BadInput,
        _ => ExitCode.Failed,
    };

    private static ProblemAnswer? Parse(string text)
    {
        try
        {
            return text.StartsWith('{') ? JsonSerializer.Deserialize<ProblemAnswer>(text, TuttiJson.Options) : null;
        }
        catch (JsonException)
        {
            return null; // Not problem details (a proxy's page, say): the status line says it instead.
        }
    }

    private static string Otherwise(HttpResponseMessage response, string text)
    {
        var body = Words.OneLine(text);
        var address = response.RequestMessage?.RequestUri;
        return $"{address} answered {(int)response.StatusCode} {response.ReasonPhrase}{(body.Length is 0 or > 200 ? "" : $": {body}")}";
    }
}
