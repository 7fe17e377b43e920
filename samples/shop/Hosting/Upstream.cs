using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;

namespace Shop.Hosting;

/// <summary>Another service as this one calls it; counts how the calls go.</summary>
internal sealed class Upstream(string service, Uri address, UpstreamCounts counts, Record record)
{
    // Shorter than the time an instance drains before it is stopped: by then nobody holds a connection to it.
    private static readonly TimeSpan _connectionLife = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(10);
    private static readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = _connectionLife, UseProxy = false, UseCookies = false, ActivityHeadersPropagator = null })
    {
        Timeout = _timeout,
    };

    /// <summary>Gets JSON.</summary>
    /// <exception cref="UpstreamException">No answer, or not the one that this release understands.</exception>
    public Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellation) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(address, path)), type, cancellation);

    /// <summary>Sends JSON and gets JSON; headers are added where given.</summary>
    /// <exception cref="UpstreamException">No answer, or not the one that this release understands.</exception>
    public Task<TReply> SendAsync<TBody, TReply>(
        HttpMethod method, string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TReply> replyType, CancellationToken cancellation, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, new Uri(address, path)) { Content = JsonContent.Create(body, bodyType) };
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return SendAsync(request, replyType, cancellation);
    }

    private async Task<T> SendAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        using var owned = request;
        counts.Call();
        try
        {
            using var response = await _http.SendAsync(request, cancellation);
            if ((int)response.StatusCode is >= 400 and < 500)
            {
                counts.Incompatible();
                var problem = $"{service} does not understand {request.Method} {request.RequestUri!.AbsolutePath}: {(int)response.StatusCode}";
                record.Add("incompatible", problem);
                throw new UpstreamException(problem);
            }

            if (!response.IsSuccessStatusCode)
            {
                // The body says which service further back did not do its part.
                throw new HttpRequestException($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancellation)}");
            }

            return await response.Content.ReadFromJsonAsync(type, cancellation) ?? throw new HttpRequestException("an empty answer");
        }
        catch (Exception failure) when (failure is HttpRequestException or System.Text.Json.JsonException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            counts.Failed();
            throw new UpstreamException($"{service} at {address} failed: {failure.Message}", failure);
        }
    }
}

/// <summary>A service that this one needs did not do its part.</summary>
internal sealed class UpstreamException(string message, Exception? inner = null) : Exception(message, inner);
