using System.Text.Json;
using Tutti.Model.Agents;
using Tutti.Model.Versions;
using Tutti.Node.Tests.Runtimes;

namespace Tutti.Node.Tests.Upstreams.Http;

public sealed class RoutingTests
{
    private static readonly UpstreamAssignment _strict = new() { Service = "cart", Port = "http", Accepts = VersionRange.Parse(">=2.2 <3") };

    [Fact]
    public async Task Says_at_once_who_accepts_what_and_what_is_there()
    {
        await using var stage = new HttpStage { Upstream = _strict };
        using var other = ScriptedProvider.Answering("cart-a", "2.0.0");
        stage.Apply(HttpStage.At(other), HttpStage.At(other) with { Instance = "cart-b" });
        var client = await stage.Connect();
        var answer = await client.Get();
        Assert.Equal(503, answer.Status);
        Assert.Contains("\r\nRetry-After: 1\r\n", answer.Head, StringComparison.Ordinal);
        var problem = JsonDocument.Parse(answer.Body).RootElement;
        Assert.Equal("tutti:no-accepted-provider", problem.GetProperty("type").GetString());
        Assert.Equal("No accepted provider", problem.GetProperty("title").GetString());
        Assert.Equal(503, problem.GetProperty("status").GetInt32());
        Assert.Equal("web 1.2.0 accepts cart >=2.2 <3; healthy: cart 2.0.0 (2 instances)", problem.GetProperty("detail").GetString());

        stage.Apply();
        Assert.Contains("accepts cart >=2.2 <3; no instance of cart is healthy", await Detail(client), StringComparison.Ordinal);
        stage.Apply(HttpStage.At(other) with { Port = "admin", Version = ReleaseVersion.Parse("2.2.0") });
        Assert.Contains("no healthy instance of cart has the port http", await Detail(client), StringComparison.Ordinal);

        // The connection goes on, also to a provider that comes.
        var good = stage.Answering("good", "2.2.0");
        stage.Lead(other, good);
        Assert.Equal("good", (await client.Get()).Body);
        Assert.Equal(0, other.Requests);
        var refused = Assert.Single(stage.Upstreams.Traffic(), t => t.Version is null);
        Assert.Equal((3, 3, 3), (refused.Refused, refused.Requests, refused.Errors));
    }

    [Fact]
    public async Task Says_that_a_dependency_is_optional()
    {
        await using var stage = new HttpStage { Upstream = _strict with { Optional = true } };
        stage.Apply();
        var detail = await Detail(await stage.Connect());
        Assert.Equal("web 1.2.0 accepts cart >=2.2 <3; no instance of cart is healthy; the dependency is optional: web is to do without", detail);
    }

    [Fact]
    public async Task A_call_waits_for_the_first_word_of_discovery()
    {
        await using var stage = new HttpStage();
        var provider = stage.Answering("a");
        var client = await stage.Connect();
        var asking = client.Get();
        stage.Lead(provider);
        Assert.Equal(200, (await asking).Status);
    }

    [Fact]
    public async Task What_is_forgotten_is_not_used_when_it_is_followed_again()
    {
        await using var stage = new HttpStage();
        var (old, next) = (stage.Answering("old"), stage.Answering("next"));
        stage.Lead(old);
        var client = await stage.Connect();
        Assert.Equal("old", (await client.Get()).Body);
        stage.Upstreams.Forget("shop");
        var asking = client.Get();
        stage.Lead(next);
        Assert.Equal("next", (await asking).Body);
    }

    [Fact]
    public async Task Sends_each_request_to_the_provider_with_the_fewest_under_way()
    {
        await using var stage = new HttpStage();
        var release = new TaskCompletionSource();
        var slow = stage.Provider(async c =>
        {
            await c.Head();
            await release.Task;
            await c.Send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nslow");
        }, "slow");
        var quick = stage.Answering("quick");
        stage.Lead(slow, quick);
        var waiting = new List<RawConnection>();
        while (slow.Accepted == 0)
        {
            waiting.Add(await stage.Connect());
            await waiting[^1].Send("GET / HTTP/1.1\r\nHost: cart\r\n\r\n");
            await Eventually.True(() => slow.Accepted + quick.Requests == waiting.Count, "it has reached one of them");
        }

        var before = quick.Requests;
        var client = await stage.Connect();
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("quick", (await client.Get()).Body);
        }

        Assert.Equal((1, before + 20), (slow.Accepted, quick.Requests));
        release.SetResult();
        Assert.Equal("slow", (await waiting[^1].Answer()).Body);
    }

    [Fact]
    public async Task Equals_take_turns()
    {
        await using var stage = new HttpStage();
        var (a, b, c) = (stage.Answering("a"), stage.Answering("b"), stage.Answering("c"));
        stage.Lead(a, b, c);
        var client = await stage.Connect();
        for (var i = 0; i < 30; i++)
        {
            await client.Get();
        }

        Assert.Equal((10, 10, 10), (a.Requests, b.Requests, c.Requests));
    }

    [Theory]
    [InlineData(10, null, 10, 90)]
    [InlineData(1, null, 1, 99)]
    [InlineData(0, null, 0, 100)]
    [InlineData(100, null, 100, 0)]
    [InlineData(25, 75, 25, 75)]
    [InlineData(10, 40, 20, 80)]
    public async Task A_version_gets_its_share_of_every_hundred_requests(int share, int? otherShare, int expected, int expectedOther)
    {
        await using var stage = new HttpStage();
        var (canary, a, b) = (stage.Answering("canary", "2.3.0"), stage.Answering("a", "2.2.0"), stage.Answering("b", "2.2.0"));
        var client = await stage.Connect();
        for (var hundred = 1; hundred <= 2; hundred++)
        {
            for (var i = 0; i < 100; i++)
            {
                if (i % 30 == 0)
                {
                    // A new list with the same shares does not begin the hundred again.
                    stage.Apply(HttpStage.At(canary, share), HttpStage.At(a, otherShare), HttpStage.At(b, otherShare));
                }

                await client.Get();
            }

            Assert.Equal((expected * hundred, expectedOther * hundred), (canary.Requests, a.Requests + b.Requests));
            Assert.InRange(a.Requests - b.Requests, -2, 2);
        }
    }

    [Fact]
    public async Task Who_accepts_only_one_version_gets_all_of_it_whatever_its_share()
    {
        await using var stage = new HttpStage { Upstream = _strict };
        var (old, canary) = (stage.Answering("old", "2.0.0"), stage.Answering("canary", "2.2.0"));
        stage.Apply(HttpStage.At(old), HttpStage.At(canary, share: 10));
        var client = await stage.Connect();
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("canary", (await client.Get()).Body);
        }
    }

    [Fact]
    public async Task Never_leads_to_a_version_that_is_not_accepted_while_instances_come_and_go()
    {
        await using var stage = new HttpStage { Upstream = _strict };
        ScriptedProvider[] providers =
            [stage.Answering("a", "2.0.0"), stage.Answering("b", "2.2.0"), stage.Answering("c", "2.3.0"), stage.Answering("d", "3.0.0")];
        stage.Lead(providers);
        using var ended = new CancellationTokenSource();
        var calls = Enumerable.Range(0, 8).Select(async _ =>
        {
            var (client, answers) = (await stage.Connect(), new List<string>());
            while (!ended.IsCancellationRequested)
            {
                var answer = await client.Get();
                answers.Add(answer.Status == 200 ? answer.Body : $"{answer.Status}");
            }

            return answers;
        }).ToList();
        for (var i = 0; i < 400; i++)
        {
            stage.Lead([.. providers.Where((_, p) => ((i * 7) >> p & 1) == 0)]);
            await Task.Yield();
        }

        stage.Lead(providers);
        await Eventually.True(() => providers[1].Requests > 200 && providers[2].Requests > 200, "both were called");
        await ended.CancelAsync();
        var all = (await Task.WhenAll(calls)).SelectMany(a => a).ToHashSet();
        Assert.Subset(new HashSet<string> { "b", "c", "503" }, all);
        Assert.Equal((0, 0), (providers[0].Accepted, providers[3].Accepted));
        Assert.DoesNotContain(stage.Upstreams.Traffic(), t => t.Version?.Major == 3);
    }

    [Fact]
    public async Task What_is_under_way_ends_and_the_kept_connection_of_a_provider_that_left_is_closed()
    {
        await using var stage = new HttpStage();
        var (release, ended) = (new TaskCompletionSource(), new TaskCompletionSource());
        var old = stage.Provider(async c =>
        {
            await c.Head();
            await c.Send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nbe");
            await release.Task;
            await c.Send("fore");
            Assert.Null(await c.Head()); // No other request comes.
            ended.SetResult();
        }, "old");
        stage.Lead(old);
        var client = await stage.Connect();
        await client.Send("GET / HTTP/1.1\r\nHost: cart\r\n\r\n");
        await client.Expect("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nbe");
        stage.Lead(stage.Answering("next"));
        release.SetResult();
        await client.Expect("fore");
        Assert.Equal("next", (await client.Get()).Body);
        await ended.Task.Soon();
        Assert.Null(old.Failure);
    }

    [Fact]
    public async Task A_rested_connection_of_a_provider_that_left_is_closed_at_once()
    {
        await using var stage = new HttpStage();
        var ended = new TaskCompletionSource();
        stage.Lead(stage.Provider(async c =>
        {
            await c.Head();
            await c.Send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            await c.Rest();
            ended.SetResult();
        }));
        await (await stage.Connect()).Get();
        Assert.False(ended.Task.IsCompleted);
        stage.Apply();
        await ended.Task.Soon();
    }

    [Fact]
    public async Task A_rested_connection_is_not_used_for_another_instance_on_the_same_port()
    {
        await using var stage = new HttpStage();
        var provider = stage.Answering("a", "2.2.0");
        stage.Lead(provider);
        var client = await stage.Connect();
        await client.Get();
        await client.Get();
        Assert.Equal(1, provider.Accepted);
        stage.Apply(HttpStage.At(provider) with { Instance = "another" });
        await client.Get();
        Assert.Equal(2, provider.Accepted);
    }

    private static async Task<string> Detail(RawConnection client) =>
        JsonDocument.Parse((await client.Get()).Body).RootElement.GetProperty("detail").GetString()!;
}
