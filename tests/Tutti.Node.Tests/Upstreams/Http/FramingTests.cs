using Tutti.Node.Tests.Runtimes;

namespace Tutti.Node.Tests.Upstreams.Http;

public sealed class FramingTests
{
    private const string Host = "Host: cart\r\n";

    [Theory]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, "both Transfer-Encoding and Content-Length")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello", 400, "several Content-Length")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\nhello", 400, "not a number")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello", 400, "not a number")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\nhello", 400, "not a number")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400, "not a number")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n", 400, "not a number")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n", 400, "not a number")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length : 5\r\n\r\nhello", 400, "whose name is none")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, "several Transfer-Encoding")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501, "chunked alone")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501, "chunked alone")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 501, "chunked alone")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\u000bchunked\r\n\r\n0\r\n\r\n", 400, "control character")]
    [InlineData("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, "HTTP/1.0 does not know")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n", 400, "folds a header field")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n", 400, "control character in the header field X")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n", 400, "control character")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", 400, "does not end with CR LF")]
    [InlineData("GET / HTTP/1.1\nHost: a\n\n", 400, "does not end with CR LF")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", 400, "whose name is none")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n", 400, "whose name is none")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "several Host")]
    [InlineData("GET / HTTP/1.1\r\nX: b\r\n\r\n", 400, "no Host")]
    [InlineData("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400, "request line")]
    [InlineData("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "request line")]
    [InlineData("GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400, "request line")]
    [InlineData("G(T / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "request line")]
    [InlineData("GET /\t HTTP/1.1\r\nHost: a\r\n\r\n", 400, "request line")]
    [InlineData("GET /\r\nHost: a\r\n\r\n", 400, "request line")]
    [InlineData("GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505, "not HTTP/2.0")]
    [InlineData("CONNECT cart:80 HTTP/1.1\r\nHost: a\r\n\r\n", 501, "no way to other hosts")]
    [InlineData("\u0016\u0003\u0001\u0002\0\u0001\r\n\r\n", 400, "request line")]
    public async Task Refuses_what_can_be_read_in_two_ways_or_in_none(string request, int status, string why)
    {
        await using var stage = new HttpStage();
        var provider = stage.Answering("a");
        stage.Lead(provider);
        var client = await stage.Connect();
        var answer = await client.Ask(request);
        Assert.Equal(status, answer.Status);
        Assert.Contains(why, answer.Body, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Type: application/problem+json\r\n", answer.Head, StringComparison.Ordinal);
        Assert.Contains("\r\nConnection: close\r\n", answer.Head, StringComparison.Ordinal);
        Assert.Equal("", await client.Rest());
        Assert.Equal(0, provider.Requests);
    }

    [Theory]
    [InlineData("g\r\n", "size")]
    [InlineData("\r\n", "no size")]
    [InlineData("5\nhello\r\n0\r\n\r\n", "bare LF")]
    [InlineData("5;a\0b\r\nhello\r\n0\r\n\r\n", "control in extension")]
    [InlineData("5\r\nhelloX\r\n0\r\n\r\n", "too long a chunk")]
    [InlineData("0\r\nname\r\n\r\n", "trailer without colon")]
    [InlineData("0\r\nA: b\n\r\n", "bare LF in trailer")]
    [InlineData("1000000000000000\r\n", "too large")]
    [InlineData("-1\r\n", "sign")]
    [InlineData("0x1\r\na\r\n0\r\n\r\n", "prefix")]
    public async Task Refuses_chunks_that_are_not_well_formed_and_breaks_off_what_the_provider_got(string body, string what)
    {
        string? got = null;
        await using var stage = HttpStage.With(async c =>
        {
            await c.Head();
            got = await c.Rest();
        });
        var client = await stage.Connect();
        var answer = await client.Ask($"POST / HTTP/1.1\r\n{Host}Transfer-Encoding: chunked\r\n\r\n{body}");
        Assert.True(answer.Status == 400, what);
        Assert.Contains("not well-formed in its chunks", answer.Body, StringComparison.Ordinal);
        await Eventually.True(() => got is not null, "the provider's connection is broken off");
        Assert.DoesNotContain("0\r\n\r\n", got!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_a_head_that_is_too_long()
    {
        await using var stage = new HttpStage();
        stage.Lead(stage.Answering("a"));
        Assert.Equal(431, (await (await stage.Connect()).Ask($"GET / HTTP/1.1\r\n{Host}X: {new string('x', 40_000)}")).Status);
        Assert.Equal(414, (await (await stage.Connect()).Ask($"GET /{new string('x', 40_000)}")).Status);
        Assert.Equal(200, (await (await stage.Connect()).Ask($"GET / HTTP/1.1\r\n{Host}X: {new string('x', 32_000)}\r\n\r\n")).Status);
    }

    [Theory]
    [InlineData("Connection: keep-alive\r\n", "")]
    [InlineData("Connection: close, X-Mine\r\nX-Mine: 1\r\nX-Other: 2\r\n", "X-Other: 2\r\n")]
    [InlineData("X-Mine: 1\r\nKeep-Alive: timeout=5\r\nConnection: x-mine\r\nx-MINE: 2\r\n", "")]
    [InlineData("Connection: Host, Content-Length, X\r\nX: 1\r\nContent-Length: 0\r\n", "Content-Length: 0\r\n")]
    [InlineData("Proxy-Connection: keep-alive\r\nA: 1\r\nTE: gzip\r\nB: 2\r\n", "A: 1\r\nB: 2\r\n")]
    [InlineData("Connection: TE\r\nTE: trailers\r\nA: 1\r\n", "A: 1\r\nConnection: TE\r\nTE: trailers\r\n")]
    [InlineData("TE: trailers\r\n", "")]
    [InlineData("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n", "")]
    [InlineData("Upgrade: websocket\r\n", "")]
    [InlineData("Connection: Upgrade\r\nUpgrade: websocket\r\nA: 1\r\n", "A: 1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n")]
    [InlineData("X-Bytes: \u00e9\u00ff\t.\r\nempty:\r\n", "X-Bytes: \u00e9\u00ff\t.\r\nempty:\r\n")]
    public async Task Passes_header_fields_on_but_those_of_the_connection(string sent, string expected)
    {
        string? got = null;
        await using var stage = HttpStage.With(async c =>
        {
            got = await c.Head();
            await c.Send("HTTP/1.1 204 No Content\r\nKeep-Alive: timeout=5\r\nX-Back: 1\r\nConnection: X-Gone, keep-alive\r\nX-Gone: 1\r\n\r\n");
        });
        var answer = await (await stage.Connect()).Ask($"GET /a?b HTTP/1.1\r\n{Host}{sent}\r\n");
        Assert.Equal($"GET /a?b HTTP/1.1\r\n{Host}{expected}\r\n", got);
        var close = sent.Contains("close", StringComparison.Ordinal) ? "Connection: close\r\n" : "";
        Assert.Equal($"HTTP/1.1 204 No Content\r\nX-Back: 1\r\n{close}\r\n", answer.Head);
    }

    [Theory]
    [InlineData("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")]
    [InlineData("HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData("GET", "HTTP/1.1 204 No Content\r\n\r\n")]
    [InlineData("GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 100\r\n\r\n")]
    [InlineData("GET", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")]
    [InlineData("GET", "HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n")]
    [InlineData("GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\nA\r\n0123456789\r\n0\r\n\r\n")]
    [InlineData("GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 1\r\nX-Other: 2\r\n\r\n")]
    [InlineData("OPTIONS", "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n")]
    public async Task Knows_where_an_answer_ends_and_uses_both_connections_again(string method, string response)
    {
        await using var stage = new HttpStage();
        var provider = stage.Provider(async c =>
        {
            while (await c.Head() is not null)
            {
                await c.Send(response);
            }
        });
        stage.Lead(provider);
        var client = await stage.Connect();
        for (var i = 0; i < 3; i++)
        {
            await client.Send($"{method} /{i} HTTP/1.1\r\n{Host}\r\n");
            await client.Expect(response);
        }

        Assert.Equal(1, provider.Accepted);
        await Eventually.True(() => stage.Traffic.Requests == 3, "three are counted");
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "both Transfer-Encoding and Content-Length")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", "several Content-Length")]
    [InlineData("HTTP/1.1 2x0 OK\r\n\r\n", "does not begin with HTTP/1.1 and a status")]
    [InlineData("HTTP/2 200\r\n\r\n", "does not begin with HTTP/1.1 and a status")]
    [InlineData("SSH-2.0-OpenSSH\r\n\r\n", "does not begin with HTTP/1.1 and a status")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n", "no upgrade was asked for")]
    [InlineData("HTTP/1.1 200 OK\r\nX : y\r\n\r\n", "whose name is none")]
    [InlineData("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.0 does not know")]
    [InlineData("HTTP/1.1 200 OK\r\nX: ", "in the middle of its head")]
    [InlineData("", "before it answered")]
    public async Task Says_what_is_wrong_with_an_answer(string response, string why)
    {
        await using var stage = HttpStage.With(async c =>
        {
            await c.Head();
            await c.Send(response);
        });
        var client = await stage.Connect();
        var answer = await client.Get();
        Assert.Equal(502, answer.Status);
        Assert.Contains("\"type\":\"tutti:provider-failed\"", answer.Body, StringComparison.Ordinal);
        Assert.Contains(why, answer.Body, StringComparison.Ordinal);
        Assert.Contains("cart at 127.0.0.1:", answer.Body, StringComparison.Ordinal);
        await Eventually.True(() => stage.Traffic is { Requests: 1, Errors: 1 }, "it is counted as an error");
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: cart\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\nto the end", "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nto the end")]
    [InlineData("GET / HTTP/1.0\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")]
    [InlineData("GET / HTTP/1.0\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n3\r\n...\r\n0\r\nA: b\r\n\r\n", "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nok...")]
    [InlineData("GET / HTTP/1.1\r\nHost: cart\r\nConnection: close\r\n\r\n", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")]
    public async Task Ends_the_connection_where_that_is_asked_or_needed(string request, string response, string expected)
    {
        string? head = null;
        await using var stage = HttpStage.With(async c =>
        {
            head = await c.Head();
            await c.Send(response);
        });
        var client = await stage.Connect();
        await client.Send(request);
        Assert.Equal(expected, await client.Rest());
        Assert.StartsWith("GET / HTTP/1.1\r\nHost: ", head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Half_an_answer_does_not_look_like_a_whole_one()
    {
        await using var stage = HttpStage.With(async c =>
        {
            await c.Head();
            await c.Send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
        });
        var client = await stage.Connect();
        await client.Send($"GET / HTTP/1.1\r\n{Host}\r\n");
        Assert.EndsWith("half", await client.Rest(), StringComparison.Ordinal);
        await Eventually.True(() => stage.Traffic is { Requests: 1, Errors: 1, Open: 0 }, "it is counted as an error");
    }

    [Fact]
    public async Task A_head_may_come_in_pieces_and_several_requests_at_once()
    {
        await using var stage = new HttpStage();
        var provider = stage.Answering("cart");
        stage.Lead(provider);
        var client = await stage.Connect();
        foreach (var c in $"\r\nGET / HTTP/1.1\r\n{Host}\r\n")
        {
            await client.Send(c.ToString());
        }

        Assert.Equal("cart", (await client.Answer()).Body);
        await client.Send(string.Concat(Enumerable.Repeat($"GET / HTTP/1.1\r\n{Host}\r\n", 2000)));
        for (var i = 0; i < 2000; i++)
        {
            Assert.Equal("cart", (await client.Answer()).Body);
        }

        Assert.Equal(2001, provider.Requests);
    }
}
