using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Tutti.Model;

namespace Tutti.Cli.Tests.Fakes;

/// <summary>A server that answers with canned documents and remembers what it was asked.</summary>
internal sealed class FakeServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Func<HttpContext, string, Task>> _answers = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<FakeRequest> _requests = new();
    private readonly WebApplication _app;
    private volatile bool _blobs;

    private FakeServer(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    public IReadOnlyList<FakeRequest> Requests => [.. _requests];

    public static async Task<FakeServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        var server = new FakeServer(builder.Build());
        server._app.Run(server.AnswerAsync);
        await server._app.StartAsync();
        return server;
    }

    /// <summary>Answers <c>GET /path?query</c> with a document; the query may be left out of the key.</summary>
    public FakeServer On<T>(string call, T document, int status = 200) => On(call, _ => (status, JsonSerializer.Serialize(document, TuttiJson.Options)));

    public FakeServer On(string call, Func<string, (int Status, string Json)> answer) => On(call, async (context, body) =>
    {
        var (status, json) = answer(body);
        context.Response.StatusCode = status;
        context.Response.ContentType = status >= 400 ? "application/problem+json" : "application/json";
        await context.Response.WriteAsync(json);
    });

    public FakeServer On(string call, Func<HttpContext, string, Task> answer)
    {
        _answers[call] = answer;
        return this;
    }

    /// <summary>Takes every artifact.</summary>
    public FakeServer AcceptBlobs()
    {
        _blobs = true;
        return this;
    }

    public IReadOnlyList<string> Calls => [.. Requests.Select(request => request.Call)];

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        var call = $"{context.Request.Method} {context.Request.Path}";
        _requests.Enqueue(new FakeRequest(call + context.Request.QueryString, body, context.Request.Headers.Authorization.ToString()));
        if (_answers.TryGetValue(call + context.Request.QueryString, out var exact) || _answers.TryGetValue(call, out exact))
        {
            await exact(context, body);
            return;
        }

        if (_blobs && call.StartsWith("PUT /api/blobs/", StringComparison.Ordinal))
        {
            context.Response.StatusCode = 201;
            return;
        }

        context.Response.StatusCode = 404;
        context.Response.ContentType = "application/problem+json";
        await context.Response.WriteAsync($$"""{"type":"tutti:not-found","title":"Not found","status":404,"detail":"the fake has no answer for {{call}}"}""");
    }
}

/// <summary>One request that arrived.</summary>
internal sealed record FakeRequest(string Call, string Body, string Authorization);
