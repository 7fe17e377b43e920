using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Tutti.Model;

namespace Tutti.Server.Tests.Fakes;

internal sealed record SseItem(long Id, string Kind, string Data)
{
    public T As<T>() => JsonSerializer.Deserialize<T>(Data, TuttiJson.Options)!;
}

/// <summary>Reads server-sent events line by line.</summary>
internal sealed class SseClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly StreamReader _reader;

    private SseClient(HttpClient http, StreamReader reader) => (_http, _reader) = (http, reader);

    public int Comments { get; private set; }

    public static async Task<SseClient> OpenAsync(string url, string? token = null, long? lastEventId = null)
    {
        var http = new HttpClient(new SocketsHttpHandler()) { Timeout = Timeout.InfiniteTimeSpan };
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (lastEventId is { } id)
        {
            request.Headers.Add("Last-Event-ID", id.ToString(CultureInfo.InvariantCulture));
        }

        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(TestServer.Deadline);
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}: {(response.IsSuccessStatusCode ? "" : await response.Content.ReadAsStringAsync())}");
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new SseClient(http, new StreamReader(await response.Content.ReadAsStreamAsync()));
    }

    public async Task<SseItem> NextAsync() => await NextOrEndAsync() ?? throw new InvalidOperationException("the stream has ended");

    /// <summary>The next event; null: the stream has ended.</summary>
    public async Task<SseItem?> NextOrEndAsync()
    {
        // One deadline for the whole event: comments keep coming where it never does.
        using var deadline = new CancellationTokenSource(TestServer.Deadline);
        long id = -1;
        string kind = "", data = "";
        while (await _reader.ReadLineAsync(deadline.Token) is { } line)
        {
            if (line.Length == 0)
            {
                if (data.Length > 0)
                {
                    return new SseItem(id, kind, data);
                }
            }
            else if (line[0] == ':')
            {
                Comments++;
            }
            else if (line.Split(": ", 2) is [var field, var value])
            {
                (id, kind, data) = field switch
                {
                    "id" => (long.Parse(value, CultureInfo.InvariantCulture), kind, data),
                    "event" => (id, value, data),
                    _ => (id, kind, value),
                };
            }
        }

        return null;
    }

    /// <summary>Reads until a comment has come.</summary>
    public async Task CommentAsync()
    {
        while (await _reader.ReadLineAsync().WaitAsync(TestServer.Deadline) is { } line)
        {
            if (line.StartsWith(':'))
            {
                return;
            }
        }

        throw new InvalidOperationException("the stream has ended");
    }

    public void Dispose()
    {
        _reader.Dispose();
        _http.Dispose();
    }
}
