using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Tutti.Cli.CommandLine;
using Tutti.Model;
using Tutti.Server.Api;

namespace Tutti.Cli.Client;

/// <summary>Speaks the HTTP API of docs/api.md.</summary>
/// <param name="server">Its URL.</param>
/// <param name="token">Shown as bearer; null: none.</param>
/// <param name="author">Who asks for changes, as the journal shows it.</param>
/// <param name="refusal">What to say when nothing answers there.</param>
internal sealed class ApiClient(Uri server, string? token, string author, string refusal) : IDisposable
{
    private static readonly TimeSpan _longestCall = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http = Create(server, token);

    public Uri Server => server;

    public Task<T> GetAsync<T>(string path, CancellationToken cancellation) =>
        CallAsync<T>(new HttpRequestMessage(HttpMethod.Get, path), cancellation);

    /// <summary>The document at a path; null where there is none (any more).</summary>
    public async Task<T?> FindAsync<T>(string path, CancellationToken cancellation)
        where T : class
    {
        try
        {
            return await GetAsync<T>(path, cancellation);
        }
        catch (CliException refused) when (refused.Missing)
        {
            return null;
        }
    }

    public Task<T> PostAsync<T>(string path, object? body, CancellationToken cancellation) =>
        CallAsync<T>(
            new HttpRequestMessage(HttpMethod.Post, path)
            {
                Content = body is null ? null : JsonContent.Create(body, body.GetType(), options: TuttiJson.Options),
            },
            cancellation);

    /// <summary>Asks for a change whose document has no author of its own, in the person's name.</summary>
    public Task<ChangeDocument> ChangeAsync(string path, object? body, CancellationToken cancellation) =>
        PostAsync<ChangeDocument>(Signed(path), body, cancellation);

    /// <summary>Takes something away, in the person's name.</summary>
    public Task<ChangeDocument> DeleteAsync(string path, CancellationToken cancellation) =>
        CallAsync<ChangeDocument>(new HttpRequestMessage(HttpMethod.Delete, Signed(path)), cancellation);

    /// <summary>Whether a path is there.</summary>
    public async Task<bool> ExistsAsync(string path, CancellationToken cancellation)
    {
        using var response = await SendAsync(new HttpRequestMessage(HttpMethod.Head, path), HttpCompletionOption.ResponseContentRead, cancellation);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }

        await RefuseAsync(response, cancellation);
        return true;
    }

    /// <summary>Sends a body of any size.</summary>
    public async Task PutAsync(string path, HttpContent content, CancellationToken cancellation)
    {
        using var response = await SendAsync(
            new HttpRequestMessage(HttpMethod.Put, path) { Content = content }, HttpCompletionOption.ResponseContentRead, cancellation);
        await RefuseAsync(response, cancellation);
    }

    /// <summary>Opens an answer that may go on for ever; the caller disposes it.</summary>
    public async Task<HttpResponseMessage> OpenAsync(string path, string accept, CancellationToken cancellation)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
        var response = await SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        try
        {
            await RefuseAsync(response, cancellation);
            return response;
        }
        catch (Exception)
        {
            response.Dispose();
            throw;
        }
    }

    public void Dispose() => _http.Dispose();

    private string Signed(string path) => $"{path}?author={Uri.EscapeDataString(author)}";

    private async Task<T> CallAsync<T>(HttpRequestMessage request, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_longestCall);
        try
        {
            using var response = await SendAsync(request, HttpCompletionOption.ResponseContentRead, limit.Token);
            await RefuseAsync(response, limit.Token);
            return await response.Content.ReadFromJsonAsync<T>(TuttiJson.Options, limit.Token)
                ?? throw CliException.Failed($"{request.RequestUri} answered with nothing");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CliException(ExitCode.NoServer,
                $"{server} did not answer {request.Method} {request.RequestUri} within {_longestCall.TotalSeconds:0} s; look whether the server is stopped or its machine overloaded");
        }
        catch (JsonException failure)
        {
            throw CliException.Failed($"{server} answered {request.Method} {request.RequestUri} with something else than expected: {failure.Message}");
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, HttpCompletionOption completion, CancellationToken cancellation)
    {
        try
        {
            return await _http.SendAsync(request, completion, cancellation);
        }
        catch (HttpRequestException failure) when (failure.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError)
        {
            throw new CliException(ExitCode.NoServer, refusal);
        }
        catch (HttpRequestException failure)
        {
            throw CliException.Failed($"the connection to {server} was lost during {request.Method} {request.RequestUri}: {failure.Message}");
        }
    }

    private static async Task RefuseAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw await ProblemAnswer.ReadAsync(response, cancellation);
        }
    }

    private static HttpClient Create(Uri server, string? token)
    {
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = !server.IsLoopback, ConnectTimeout = TimeSpan.FromSeconds(5) })
        {
            BaseAddress = server,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("tutti", typeof(ApiClient).Assembly.GetName().Version?.ToString(3)));
        if (token is not null)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return http;
    }
}
