using Tutti.Node.Tests.Runtimes;

namespace Tutti.Node.Tests.Upstreams.Http;

public sealed class RetryTests
{
    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: cart\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nHost: cart\r\nContent-Length: 0\r\n\r\n")]
    public async Task A_provider_that_refuses_is_passed_over(string request)
    {
        await using var stage = new HttpStage();
        var (dead, good) = (stage.Answering("dead", "1.0.0"), stage.Answering("good", "1.1.0"));
        dead.Dispose();
        stage.Lead(dead, good);
        var client = await stage.Connect();
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal("good", (await client.Ask(request)).Body);
        }

        var traffic = stage.Upstreams.Traffic();
        Assert.Equal((10, 0), (traffic.Sum(t => t.Requests), traffic.Sum(t => t.Errors)));
        Assert.True(Assert.Single(traffic, t => t.Version!.Minor == 0).Refused > 0);
    }

    [Fact]
    public async Task A_body_reaches_the_next_provider_whole()
    {
        await using var stage = new HttpStage();
        var dead = stage.Answering("dead");
        dead.Dispose();
        var good = stage.Provider(async c =>
        {
            while (await c.Head() is not null)
            {
                await c.Expect("hello");
                await c.Send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            }
        });
        stage.Lead(dead, good);
        var client = await stage.Connect();
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(200, (await client.Ask("POST / HTTP/1.1\r\nHost: cart\r\nContent-Length: 5\r\n\r\nhello")).Status);
        }
    }

    [Fact]
    public async Task Says_whom_it_tried_where_all_refuse()
    {
        await using var stage = new HttpStage();
        var dead = stage.Answering("dead", "1.0.0");
        dead.Dispose();
        stage.Lead(dead);
        var client = await stage.Connect();
        var answer = await client.Get();
        Assert.Equal(503, answer.Status);
        Assert.Contains("\"type\":\"tutti:provider-unreachable\"", answer.Body, StringComparison.Ordinal);
        Assert.Contains($"no connection was made to cart 1.0.0 at 127.0.0.1:{dead.Port}; nothing was sent", answer.Body, StringComparison.Ordinal);
        Assert.Equal(503, (await client.Get()).Status);
    }

    [Theory]
    [InlineData("GET", true)]
    [InlineData("DELETE", true)]
    [InlineData("POST", false)]
    public async Task A_rested_connection_that_ends_under_a_request_is_replaced_where_the_method_allows(string method, bool replaced)
    {
        await using var stage = new HttpStage();
        var connections = 0;
        var provider = stage.Provider(async c =>
        {
            var number = Interlocked.Increment(ref connections);
            await c.Head();
            await c.Send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            await c.Head(); // The first takes the second request and ends without a word.
            if (number > 1)
            {
                await c.Send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            }
        });
        stage.Lead(provider);
        var client = await stage.Connect();
        Assert.Equal(200, (await client.Get()).Status);
        var answer = await client.Ask($"{method} / HTTP/1.1\r\nHost: cart\r\n\r\n");
        Assert.Equal(replaced ? 200 : 502, answer.Status);
        Assert.Equal(replaced ? 2 : 1, provider.Accepted);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: cart\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nHost: cart\r\nContent-Length: 0\r\n\r\n")]
    public async Task A_rested_connection_that_has_ended_is_not_used(string request)
    {
        await using var stage = new HttpStage();
        var provider = stage.Answering("a");
        stage.Lead(provider);
        var client = await stage.Connect();
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(200, (await client.Ask(request)).Status);
            provider.CloseAll();
        }

        Assert.Equal(20, provider.Accepted);
    }

    [Fact]
    public async Task A_consumer_that_leaves_takes_its_request_with_it()
    {
        var left = new TaskCompletionSource();
        await using var stage = HttpStage.With(async c =>
        {
            await c.Head();
            await c.Rest();
            left.SetResult();
        });
        var client = await stage.Connect();
        await client.Send("GET / HTTP/1.1\r\nHost: cart\r\n\r\n");
        await Eventually.True(() => stage.Traffic.Open == 1, "it is under way");
        client.Break();
        await left.Task.Soon();
        await Eventually.True(() => stage.Traffic is { Open: 0, Errors: 0 }, "it is no error of the provider");
    }

    [Fact]
    public async Task Closing_a_consumers_addresses_ends_what_is_under_way()
    {
        var left = new TaskCompletionSource();
        await using var stage = HttpStage.With(async c =>
        {
            await c.Head();
            await c.Rest();
            left.SetResult();
        });
        var client = await stage.Connect();
        await client.Send("GET / HTTP/1.1\r\nHost: cart\r\n\r\n");
        await Eventually.True(() => stage.Traffic.Open == 1, "it is under way");
        stage.Upstreams.Close(HttpStage.Key);
        Assert.Equal("", await client.Rest());
        await left.Task.Soon();
    }

    [Fact]
    public async Task Counts_by_status_and_time()
    {
        await using var stage = new HttpStage();
        var provider = stage.Provider(async c =>
        {
            for (var status = 200; await c.Head() is not null; status += 100)
            {
                await Task.Delay(status == 500 ? 30 : 0);
                await c.Send($"HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n");
            }
        }, version: "2.2.0");
        stage.Lead(provider);
        var client = await stage.Connect();
        for (var i = 0; i < 4; i++)
        {
            await client.Get();
        }

        await Eventually.True(() => stage.Traffic.Requests == 4, "all are counted");
        var traffic = stage.Traffic;
        Assert.Equal((HttpStage.Key, "cart", "2.2.0"), (traffic.Consumer, traffic.Provider, traffic.Version!.ToString()));
        Assert.Equal((1, 1, 1, 0), (traffic.Errors, traffic.ClientErrors, traffic.Connections, traffic.Open));
        Assert.Equal(4 * "GET / HTTP/1.1\r\nHost: cart\r\n\r\n".Length, traffic.BytesSent);
        Assert.Equal(4 * "HTTP/1.1 200 X\r\nContent-Length: 0\r\n\r\n".Length, traffic.BytesReceived);
        Assert.Equal(4, traffic.Latency.Sum(l => l.Count));
        Assert.True(Model.Traffic.LatencyScale.LowestOf(traffic.Latency[^1].Bucket) >= 26_000);
    }
}
