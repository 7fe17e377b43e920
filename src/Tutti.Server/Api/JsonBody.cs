using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Tutti.Model;

namespace Tutti.Server.Api;

/// <summary>A request's JSON, read within the bound that its endpoint states. An absent body is null.</summary>
internal sealed class JsonBody<T>(T? value) : IBindableFromHttpContext<JsonBody<T>>, IEndpointParameterMetadataProvider
    where T : class
{
    public T? Value => value;

    /// <exception cref="RequestRefusedException">There is no body.</exception>
    public T Required => value ?? throw new RequestRefusedException(
        ProblemAnswer.Malformed($"the request has no body; send JSON ({typeof(T).Name})"));

    /// <exception cref="RequestRefusedException">The body is too large or is not such JSON.</exception>
    public static async ValueTask<JsonBody<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var bound = context.GetEndpoint()?.Metadata.GetMetadata<BodyBound>() ?? BodyBound.Small;
        var tooLarge = ProblemAnswer.TooLarge($"the body of {context.Request.Path} is over {bound}");
        if (!await bound.AdmitAsync(context))
        {
            throw new RequestRefusedException(tooLarge);
        }

        try
        {
            var reader = context.Request.BodyReader;
            var first = await reader.ReadAsync(context.RequestAborted);
            if (first.IsCompleted && first.Buffer.IsEmpty)
            {
                return new JsonBody<T>(null);
            }

            reader.AdvanceTo(first.Buffer.Start);
            var value = await JsonSerializer.DeserializeAsync<T>(reader, TuttiJson.Options, context.RequestAborted);
            return new JsonBody<T>(value);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw new RequestRefusedException(tooLarge);
        }
        catch (JsonException e)
        {
            throw new RequestRefusedException(ProblemAnswer.Malformed(Explain(e)));
        }
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T), isOptional: false));

    private static string Explain(JsonException e)
    {
        var message = e.Message;
        var suffix = message.IndexOf(" Path: ", StringComparison.Ordinal);
        if (suffix > 0)
        {
            message = message[..suffix];
        }

        var place = e.LineNumber is { } line ? $" at line {line + 1}, byte {e.BytePositionInLine + 1}" : "";
        var path = e.Path is { Length: > 1 } p ? $" ({p})" : "";
        return $"the body is not the JSON expected here{place}{path}: {message.TrimEnd('.')}";
    }
}
