using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Tutti.Control.Commands;
using Tutti.Model;
using Tutti.Model.Problems;

namespace Tutti.Server.Api;

/// <summary>An answer that says what is wrong.</summary>
internal sealed class ProblemAnswer(ProblemDocument document) : IResult, IEndpointMetadataProvider, IStatusCodeHttpResult
{
    public const string MediaType = "application/problem+json";

    public ProblemDocument Document => document;

    public int? StatusCode => document.Status;

    public static ProblemAnswer NotFound(string detail) => Of(404, "not-found", "Not found", detail);

    public static ProblemAnswer Conflict(string detail) => Of(409, "conflict", "Conflict", detail);

    public static ProblemAnswer Invalid(string detail, ImmutableArray<Problem> problems = default) =>
        Of(422, "invalid", "Invalid", detail, problems);

    public static ProblemAnswer Malformed(string detail) => Of(400, "malformed", "Malformed request", detail);

    public static ProblemAnswer TooLarge(string detail) => Of(413, "too-large", "Too large", detail);

    public static ProblemAnswer Unavailable(string detail) => Of(503, "unavailable", "Unavailable", detail);

    public static ProblemAnswer Of(int status, string type, string title, string detail, ImmutableArray<Problem> problems = default) =>
        new(new ProblemDocument
        {
            Type = "tutti:" + type,
            Title = title,
            Status = status,
            Detail = detail,
            Problems = problems.IsDefault ? [] : problems,
        });

    /// <summary>What a refused command is over HTTP.</summary>
    public static ProblemAnswer Of(Refusal refusal)
    {
        var (status, title) = refusal.Type switch
        {
            "not-found" => (404, "Not found"),
            "conflict" => (409, "Conflict"),
            "immutable-release" => (409, "A release is immutable"),
            "not-reversible" => (409, "Not reversible"),
            "gap" => (409, "A gap needs consent"),
            "no-room" => (409, "No room"),
            "wrong-cluster" => (409, "Another cluster"),
            "name-taken" => (409, "The name is taken"),
            "unavailable" => (503, "Unavailable"),
            "invalid" => (422, "Invalid"),
            _ => (422, "Refused"),
        };
        return Of(status, refusal.Type, title, refusal.Detail, refusal.Problems);
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = document.Status;
        response.ContentType = MediaType;
        response.Headers.CacheControl = "no-store";
        if (document.Status == StatusCodes.Status503ServiceUnavailable)
        {
            response.Headers.RetryAfter = "1";
        }

        var body = JsonSerializer.SerializeToUtf8Bytes(document, TuttiJson.Options);
        response.ContentLength = body.Length;
        return HttpMethods.IsHead(httpContext.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(body, httpContext.RequestAborted).AsTask();
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        foreach (var status in (ReadOnlySpan<int>)[400, 404, 409, 422, 503])
        {
            builder.Metadata.Add(new ProducesResponseTypeMetadata(status, typeof(ProblemDocument), [MediaType]));
        }
    }
}

/// <summary>A request that cannot be carried out, found while it is being read.</summary>
internal sealed class RequestRefusedException(ProblemAnswer answer) : Exception(answer.Document.Detail)
{
    public ProblemAnswer Answer => answer;
}
