using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Tutti.Model;
using Tutti.Model.Agents;
using Tutti.Model.Discovery;

namespace Tutti.Node.Protocol;

/// <summary>Speaks with the server over HTTP/1.1 and kept-alive connections.</summary>
internal sealed class ServerClient : IServerClient, IDisposable
{
    /// <summary>How long one question may take; below the lease, so that one lost answer does not cost it.</summary>
    private static readonly TimeSpan _answerTime = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private readonly string _server;

    /// <exception cref="UriFormatException">The server's URL is none.</exception>
    public ServerClient(string server, string token, TimeProvider time)
    {
        _server = server.TrimEnd('/');
        _time = time;
        _http = new HttpClient(new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            PooledConnectionLifetime = TimeSpan.FromMinutes(15),
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
        })
        {
            BaseAddress = new Uri(_server + "/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public Task<RegistrationReply> RegisterAsync(NodeRegistration registration, CancellationToken ct) =>
        AskAsync<NodeRegistration, RegistrationReply>($"api/nodes/{Escape(registration.Name)}/register", registration, ct);

    public Task<ReportReply> ReportAsync(string node, NodeReport report, CancellationToken ct) =>
        AskAsync<NodeReport, ReportReply>($"api/nodes/{Escape(node)}/report", report, ct);

    public IAsyncEnumerable<AssignmentEvent> WatchAssignmentsAsync(string node, string session, long? after, CancellationToken ct) =>
        WatchAsync<AssignmentEvent>($"api/nodes/{Escape(node)}/watch?session={Escape(session)}{(after is { } a ? $"&after={a}" : "")}", "assignments", ct);

    public IAsyncEnumerable<ServiceEndpoints> WatchEndpointsAsync(string architecture, long? after, CancellationToken ct) =>
        WatchAsync<ServiceEndpoints>($"api/architectures/{Escape(architecture)}/endpoints?watch=true{(after is { } a ? $"&after={a}" : "")}", "endpoints", ct);

    public async Task<Stream> DownloadAsync(string digest, CancellationToken ct)
    {
        var response = await SendAsync(new HttpRequestMessage(HttpMethod.Get, $"api/blobs/{digest}"), SseReader.LongestSilence, ct);
        return new SilenceGuard(await response.Content.ReadAsStreamAsync(ct), SseReader.LongestSilence, _time);
    }

    public async Task SendLogAsync(string node, string stream, IAsyncEnumerable<string> lines, CancellationToken ct)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"api/nodes/{Escape(node)}/logs/{Escape(stream)}") { Content = new LogContent(lines) };
        using var response = await SendAsync(request, Timeout.InfiniteTimeSpan, ct);
    }

    public void Dispose() => _http.Dispose();

    private async Task<Stream> BodyAsync(HttpResponseMessage response, CancellationToken ct) =>
        new SilenceGuard(await response.Content.ReadAsStreamAsync(ct), _answerTime, _time);

    private static string Escape(string text) => Uri.EscapeDataString(text);

    private async Task<TReply> AskAsync<TBody, TReply>(string path, TBody body, CancellationToken ct)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body, options: TuttiJson.Options) };
        using var response = await SendAsync(request, _answerTime, ct);
        try
        {
            return await JsonSerializer.DeserializeAsync<TReply>(await BodyAsync(response, ct), TuttiJson.Options, ct)
                ?? throw new ServerUnreachableException($"{_server} answered {path} with nothing");
        }
        catch (JsonException e)
        {
            throw new ServerUnreachableException($"{_server} answered {path} with something that cannot be read: {e.Message}", e);
        }
    }

    private async IAsyncEnumerable<T> WatchAsync<T>(string path, string kind, [EnumeratorCancellation] CancellationToken ct)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        using var response = await SendAsync(request, SseReader.LongestSilence, ct);
        await foreach (var item in SseReader.ReadAsync<T>(await response.Content.ReadAsStreamAsync(ct), kind, _time, ct))
        {
            yield return item;
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, TimeSpan answerTime, CancellationToken ct)
    {
        using var late = new CancellationTokenSource(answerTime, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new ServerUnreachableException($"cannot reach the server at {_server}: {e.Message}", e);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new ServerUnreachableException($"the server at {_server} did not answer within {answerTime.TotalSeconds:0.#}s", e);
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw await RefusalAsync(response, ct);
        }
    }

    private async Task<Exception> RefusalAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var (type, detail) = await ReadProblemAsync(response, ct);
        var status = response.StatusCode;
        detail ??= $"it answered {(int)status} {response.ReasonPhrase}";
        return (int)status >= 500 || status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout
            ? new ServerUnreachableException($"the server at {_server} cannot answer now: {detail}")
            : new ServerRefusedException(status, type, $"the server at {_server} refused: {detail}");
    }

    private async Task<(string? Type, string? Detail)> ReadProblemAsync(HttpResponseMessage response, CancellationToken ct)
    {
        try
        {
            var problem = await JsonSerializer.DeserializeAsync<ProblemBody>(await BodyAsync(response, ct), TuttiJson.Options, ct);
            return (problem?.Type, problem?.Detail ?? problem?.Title);
        }
        catch (Exception e) when (e is JsonException or ServerUnreachableException)
        {
            // The status alone says enough: something between us and the server may have answered, not in problem details.
            return (null, null);
        }
    }

    private sealed record ProblemBody(string? Type = null, string? Title = null, string? Detail = null);
}
