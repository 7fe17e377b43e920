using System.Security.Cryptography;
using System.Text;
using Tutti.Node.Tests.Runtimes;

namespace Tutti.Node.Tests.Upstreams.Http;

public sealed class StreamingTests
{
    private const string Host = "Host: cart\r\n";

    [Fact]
    public async Task The_first_chunk_is_there_before_the_last_is_sent()
    {
        var seen = new TaskCompletionSource();
        await using var stage = HttpStage.With(async c =>
        {
            await c.Head();
            await c.Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: Sum\r\n\r\n5\r\nfirst\r\n");
            await seen.Task;
            await c.Send("4\r\nlast\r\n0\r\nSum: 9\r\n\r\n");
        });
        var client = await stage.Connect();
        await client.Send($"GET / HTTP/1.1\r\n{Host}Connection: TE\r\nTE: trailers\r\n\r\n");
        await client.Expect("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: Sum\r\n\r\n5\r\nfirst\r\n");
        seen.SetResult();
        await client.Expect("4\r\nlast\r\n0\r\nSum: 9\r\n\r\n");
    }

    [Fact]
    public async Task The_providers_answer_may_begin_while_the_request_still_goes_on()
    {
        await using var stage = HttpStage.With(async c =>
        {
            await c.Head();
            await c.Expect("3\r\none\r\n");
            await c.Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nONE\r\n");
            await c.Expect("3\r\ntwo\r\n0\r\nT: x\r\n\r\n");
            await c.Send("3\r\nTWO\r\n0\r\n\r\n");
            await c.Expect($"GET /next HTTP/1.1\r\n{Host}\r\n");
            await c.Send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
        var client = await stage.Connect();
        await client.Send($"POST / HTTP/1.1\r\n{Host}Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
        await client.Expect("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nONE\r\n");

        // The next request follows right behind the body.
        await client.Send($"3\r\ntwo\r\n0\r\nT: x\r\n\r\nGET /next HTTP/1.1\r\n{Host}\r\n");
        await client.Expect("3\r\nTWO\r\n0\r\n\r\n");
        Assert.Equal("ok", (await client.Answer()).Body);
    }

    [Fact]
    public async Task Passes_interim_answers_on()
    {
        await using var stage = HttpStage.With(async c =>
        {
            Assert.Contains("Expect: 100-continue", await c.Head(), StringComparison.Ordinal);
            await c.Send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n");
            await c.Expect("hello");
            await c.Send("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
            await c.Head();
            await c.Send("HTTP/1.1 204 No Content\r\n\r\n");
        });
        var client = await stage.Connect();
        await client.Send($"POST / HTTP/1.1\r\n{Host}Content-Length: 5\r\nExpect: 100-continue\r\n\r\n");
        await client.Expect("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n");
        await client.Send("hello");
        Assert.Equal(201, (await client.Answer()).Status);
        Assert.Equal(204, (await client.Get()).Status);
    }

    [Fact]
    public async Task A_body_that_nobody_wants_is_not_waited_for()
    {
        await using var stage = HttpStage.With(async c =>
        {
            await c.Head();
            await c.Send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig");
        });
        var client = await stage.Connect();
        await client.Send($"POST / HTTP/1.1\r\n{Host}Content-Length: 5000000\r\nExpect: 100-continue\r\n\r\n");
        Assert.Equal("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig", await client.Rest());
        await Eventually.True(() => stage.Traffic is { Requests: 1, ClientErrors: 1, Errors: 0, Open: 0 }, "it is counted");
    }

    [Fact]
    public async Task A_provider_that_has_answered_and_reads_no_more_holds_nobody_up()
    {
        var (full, over, sent) = (new TaskCompletionSource(), new TaskCompletionSource(), 0L);
        await using var stage = HttpStage.With(async c =>
        {
            await c.Head();
            await full.Task;
            await c.Send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig");
            await over.Task;
        });
        var client = await stage.Connect();
        await client.Send($"POST / HTTP/1.1\r\n{Host}Content-Length: 1000000000\r\n\r\n");
        var sending = Task.Run(async () =>
        {
            while (true)
            {
                await client.Send(new byte[1 << 16].AsMemory());
                Interlocked.Add(ref sent, 1 << 16);
            }
        });
        await Standstill(() => Interlocked.Read(ref sent));
        full.SetResult();
        Assert.Equal(413, (await client.Answer()).Status);
        await Assert.ThrowsAnyAsync<IOException>(() => sending.Soon());
        await Eventually.True(() => stage.Traffic is { Open: 0, ClientErrors: 1 }, "it is over");
        over.SetResult();
    }

    [Fact]
    public async Task Carries_upgraded_connections_both_ways()
    {
        await using var stage = HttpStage.With(async c =>
        {
            Assert.Contains("Connection: Upgrade\r\nUpgrade: websocket\r\n", await c.Head(), StringComparison.Ordinal);
            await c.Send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\nhello");
            await c.Expect("early\0\u00ff");
            await c.Send("\u0081\u0000");
            Assert.Equal("last", await c.Rest());
            await c.Send("bye");
        });
        var client = await stage.Connect();
        await client.Send($"GET /ws HTTP/1.1\r\n{Host}Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: k\r\n\r\nearly");
        await client.Expect("HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhello");
        Assert.Equal(1, stage.Traffic.Open);
        await client.Send("\0\u00ff");
        await client.Expect("\u0081\u0000");
        await client.Send("last");
        client.EndSending();
        Assert.Equal("bye", await client.Rest());
        await Eventually.True(() => stage.Traffic is { Open: 0, Requests: 1 }, "it has ended");
    }

    [Fact]
    public async Task A_connection_that_begins_with_HTTP_2_goes_to_one_provider_as_it_is()
    {
        await using var stage = HttpStage.With(async c =>
        {
            await c.Expect("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004");
            await c.Send("\0\0\0\u0004\u0001");
            await c.Rest();
        });
        var client = await stage.Connect();
        await client.Send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004");
        await client.Expect("\0\0\0\u0004\u0001");
        Assert.Equal((1, 1, 0), (stage.Traffic.Connections, stage.Traffic.Open, stage.Traffic.Requests));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Carries_big_bodies_both_ways_unchanged(bool chunked)
    {
        const int Pieces = 300;
        const int Piece = 100_000;
        await using var stage = HttpStage.With(async c =>
        {
            var head = await c.Head();
            await c.Send($"HTTP/1.1 200 OK\r\n{(chunked ? "Transfer-Encoding: chunked" : $"Content-Length: {Pieces * Piece}")}\r\n\r\n");
            Assert.Contains(chunked ? "Transfer-Encoding: chunked" : "Content-Length", head, StringComparison.Ordinal);
            var buffer = new byte[50_000];
            while (await c.Receive(buffer) is > 0 and var count)
            {
                await c.Send(buffer.AsMemory(0, count));
            }
        });
        var client = await stage.Connect();
        await client.Send($"PUT / HTTP/1.1\r\n{Host}{(chunked ? "Transfer-Encoding: chunked" : $"Content-Length: {Pieces * Piece}")}\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200", await client.Head(), StringComparison.Ordinal);
        using var sent = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var got = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long total = 0;
        var sending = Task.Run(async () =>
        {
            for (var i = 0; i < Pieces; i++)
            {
                var piece = RandomNumberGenerator.GetBytes(Piece);
                byte[] framed = chunked ? [.. Encoding.ASCII.GetBytes($"{Piece:x}\r\n"), .. piece, .. "\r\n"u8] : piece;
                await SendCounted(framed);
            }

            if (chunked)
            {
                await SendCounted([.. "0\r\n\r\n"u8]);
            }
        });

        async Task SendCounted(byte[] bytes)
        {
            sent.AppendData(bytes);
            Interlocked.Add(ref total, bytes.Length);
            await client.Send(bytes.AsMemory());
        }

        var buffer = new byte[1 << 16];
        for (long received = 0; !sending.IsCompleted || received < Interlocked.Read(ref total);)
        {
            var count = await client.Receive(buffer);
            Assert.NotEqual(0, count);
            received += count;
            got.AppendData(buffer, 0, count);
        }

        await sending;
        Assert.Equal(sent.GetHashAndReset(), got.GetHashAndReset());
        await Eventually.True(() => stage.Traffic is { Requests: 1, Errors: 0 }, "it is counted");
        Assert.True(stage.Traffic.BytesSent > total && stage.Traffic.BytesReceived > total);
    }

    [Fact]
    public async Task Takes_no_more_than_a_slow_consumer_takes()
    {
        long sent = 0;
        await using var stage = HttpStage.With(async c =>
        {
            await c.Head();
            await c.Send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
            var piece = new byte[1 << 16];
            while (true)
            {
                await c.Send(piece.AsMemory());
                Interlocked.Add(ref sent, piece.Length);
            }
        });
        var client = await stage.Connect();
        await client.Send($"GET / HTTP/1.1\r\n{Host}\r\n");
        await Standstill(() => Interlocked.Read(ref sent));
        Assert.InRange(Interlocked.Read(ref sent), 1, 64 << 20);
        client.Break();
        await Eventually.True(() => stage.Traffic.Open == 0, "the provider is not left waiting");
    }

    [Fact]
    public async Task Takes_no_more_than_a_slow_provider_takes()
    {
        var gone = new TaskCompletionSource();
        await using var stage = HttpStage.With(async c =>
        {
            await c.Head();
            await gone.Task;
        });
        var client = await stage.Connect();
        await client.Send($"POST / HTTP/1.1\r\n{Host}Content-Length: 1000000000\r\n\r\n");
        long sent = 0;
        var sending = Task.Run(async () =>
        {
            var piece = new byte[1 << 16];
            while (true)
            {
                await client.Send(piece.AsMemory());
                Interlocked.Add(ref sent, piece.Length);
            }
        });
        await Standstill(() => Interlocked.Read(ref sent));
        Assert.InRange(Interlocked.Read(ref sent), 1, 64 << 20);
        gone.SetResult();
        await Assert.ThrowsAnyAsync<IOException>(() => sending.Soon());
    }

    /// <summary>Waits until a number no longer rises.</summary>
    private static async Task Standstill(Func<long> number)
    {
        var (last, same) = (-1L, 0);
        await Eventually.True(() =>
        {
            var now = number();
            (last, same) = (now, now == last && now > 0 ? same + 1 : 0);
            return same > 40;
        }, "it stands still");
    }
}
