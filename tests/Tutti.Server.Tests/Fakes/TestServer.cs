using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Tutti.Decisions.Versions;
using Tutti.Model;
using Tutti.Model.Manifest;
using Tutti.Server.Api;
using Tutti.Server.Hosting;

namespace Tutti.Server.Tests.Fakes;

/// <summary>A real listener on a free port over a fake loop and a temporary folder.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly ApiServer _server;
    private readonly DataFolder _data;

    private TestServer(FakeControl control, DataFolder data, ApiServer server)
    {
        (Control, _data, _server) = (control, data, server);
        Http = new HttpClient { BaseAddress = new Uri(server.Url + "/"), Timeout = Deadline };
    }

    public FakeControl Control { get; }

    public HttpClient Http { get; }

    public string Folder => _data.Path;

    public string Token => _data.Token;

    public string Url => _server.Url;

    public int Watches => _server.Watches;

    public static Task<TestServer> StartAsync(params object[] documents) => StartWithAsync(options => options, documents);

    public static async Task<TestServer> StartWithAsync(Func<ApiOptions, ApiOptions> change, params object[] documents)
    {
        var control = new FakeControl();
        if (documents.Length > 0)
        {
            control.Put(documents);
        }

        var data = DataFolder.Open(Path.Combine(Path.GetTempPath(), "tutti-server-" + Guid.NewGuid().ToString("N")));
        var options = change(new ApiOptions
        {
            Folder = data,
            Control = control,
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            Logging = NullLoggerFactory.Instance,
            WebhookWait = TimeSpan.FromMilliseconds(1),
            ReadManifest = (_, _) => new ManifestReading(Shop.Spec, []),
            CompareSpecs = (_, _) => ImmutableArray<SpecChange>.Empty,
        });
        try
        {
            return new TestServer(control, data, await ApiServer.StartAsync(options, CancellationToken.None));
        }
        catch
        {
            data.Dispose();
            Directory.Delete(data.Path, recursive: true);
            throw;
        }
    }

    public async Task<T> GetAsync<T>(string path) => JsonSerializer.Deserialize<T>(await Http.GetStringAsync(path), TuttiJson.Options)!;

    public Task<HttpResponseMessage> PostAsync(string path, object? body = null, bool asAgent = false) =>
        SendAsync(HttpMethod.Post, path, body is null ? null : new StringContent(JsonSerializer.Serialize(body, TuttiJson.Options), Encoding.UTF8, "application/json"), asAgent);

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content = null, bool asAgent = false)
    {
        var request = new HttpRequestMessage(method, path) { Content = content };
        if (asAgent)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        }

        return await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public Task<SseClient> WatchAsync(string path, bool asAgent = false, long? lastEventId = null) => SseClient.OpenAsync(Url + "/" + path, asAgent ? Token : null, lastEventId);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _server.DisposeAsync();
        _data.Dispose();
        Directory.Delete(_data.Path, recursive: true);
    }
}

internal static class Answers
{
    public static async Task<T> ReadAsync<T>(this HttpResponseMessage response)
    {
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        return JsonSerializer.Deserialize<T>(await response.Content.ReadAsStringAsync(), TuttiJson.Options)!;
    }

    /// <summary>Asserts status and type, and returns the problem.</summary>
    public static async Task<ProblemDocument> ProblemAsync(this HttpResponseMessage response, int status, string type)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(status == (int)response.StatusCode, $"{(int)response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonSerializer.Deserialize<ProblemDocument>(text, TuttiJson.Options)!;
        Assert.Equal("tutti:" + type, problem.Type);
        Assert.Equal(status, problem.Status);
        return problem;
    }

    public static async Task<ProblemDocument> ProblemAsync(this Task<HttpResponseMessage> response, int status, string type) =>
        await (await response).ProblemAsync(status, type);
}

internal static class Eventually
{
    /// <summary>Waits for a condition, at most the deadline.</summary>
    public static async Task TrueAsync(Func<bool> condition, string what)
    {
        using var deadline = new CancellationTokenSource(TestServer.Deadline);
        while (!condition())
        {
            Assert.False(deadline.IsCancellationRequested, $"waited in vain until {what}");
            await Task.Delay(1);
        }
    }
}
