using System.Text.Json.Nodes;
using Tutti.Model.Agents;
using Tutti.Model.Lifecycle;
using Tutti.Server.Tests.Fakes;

namespace Tutti.Server.Tests.Nodes;

public sealed class NodeWatchTests
{
    private const string Watch = "api/nodes/n1/watch?session=s1";

    [Fact]
    public async Task Begins_with_a_snapshot_of_this_node_only()
    {
        await using var server = await TestServer.StartAsync([.. Shop.Running(), Shop.Node("n2", "s2"), Shop.Instance("cart", "cart-z", node: "n2")]);
        using var watch = await server.WatchAsync(Watch, asAgent: true);
        var first = await watch.NextAsync();
        Assert.Equal("assignments", first.Kind);
        var item = JsonNode.Parse(first.Data)!;
        Assert.True((bool)item["snapshot"]!);
        Assert.Equal(1, (long)item["revision"]!);
        Assert.Equal(["cart-a", "cart-b", "web-a"], Instances(item));
    }

    [Fact]
    public async Task Assignment_carries_the_release_and_resolved_upstreams()
    {
        await using var server = await TestServer.StartAsync(Shop.Running());
        using var watch = await server.WatchAsync(Watch, asAgent: true);
        var web = JsonNode.Parse((await watch.NextAsync()).Data)!["assigned"]!.AsArray().Single(a => (string)a!["instance"]! == "web-a")!;
        Assert.Equal("1.2.0", (string)web["version"]!);
        Assert.Equal("Run", (string)web["goal"]!);
        Assert.Equal("info", (string)web["env"]!["LOG_LEVEL"]!);
        var upstreams = web["upstreams"]!.AsArray().ToDictionary(u => (string)u!["service"]!, u => u!);
        Assert.Equal(("http", "http"), ((string)upstreams["cart"]["port"]!, (string)upstreams["cart"]["protocol"]!));
        Assert.Equal(("sql", "tcp"), ((string)upstreams["db"]["port"]!, (string)upstreams["db"]["protocol"]!));
        Assert.Equal("https://tax.example/v1", (string)upstreams["tax"]["externalUrl"]!);
        Assert.True((bool)upstreams["tax"]["optional"]!);
    }

    [Fact]
    public async Task Sends_what_is_assigned_changed_moved_and_gone_but_not_what_the_agent_itself_reported()
    {
        await using var server = await TestServer.StartAsync(Shop.Running());
        using var watch = await server.WatchAsync(Watch, asAgent: true);
        await watch.NextAsync();

        server.Control.Put(Shop.Instance("web", "web-a", 20003) with { Phase = InstancePhase.Failed, Reason = "as reported" });
        server.Control.Put(Shop.Instance("cart", "cart-n", phase: InstancePhase.Provision, node: null));
        var placed = server.Control.Put(Shop.Instance("cart", "cart-n", phase: InstancePhase.Provision));
        var item = await watch.NextAsync();
        Assert.Equal(placed, item.Id);
        Assert.Equal(["cart-n"], Instances(JsonNode.Parse(item.Data)!));

        server.Control.Put(Shop.Instance("cart", "cart-a", 20001) with { Goal = AssignmentGoal.Stop });
        var stop = JsonNode.Parse((await watch.NextAsync()).Data)!;
        Assert.Equal("Stop", (string)stop["assigned"]![0]!["goal"]!);

        server.Control.Remove(Shop.Instance("cart", "cart-a"));
        server.Control.Put(Shop.Instance("web", "web-a", node: "n2"));
        Assert.Equal(["shop/cart-a", "shop/web-a"], await RemovedAsync(watch, 2));
    }

    [Fact]
    public async Task Resumes_with_what_was_missed_and_reads_afresh_where_that_is_forgotten()
    {
        await using var server = await TestServer.StartAsync(Shop.Running());
        var known = server.Control.View.Revision;
        server.Control.Put(Shop.Instance("cart", "cart-c", phase: InstancePhase.Provision));
        var last = server.Control.Remove(Shop.Instance("cart", "cart-b"));
        using (var resumed = await server.WatchAsync($"{Watch}&after={known}", asAgent: true))
        {
            var item = JsonNode.Parse((await resumed.NextAsync()).Data)!;
            Assert.False((bool)(item["snapshot"] ?? false)!);
            Assert.Equal(["cart-c"], Instances(item));
            Assert.Equal("shop/cart-b", (string)item["removed"]![0]!);
            Assert.Equal(last, (long)item["revision"]!);
        }

        for (var i = 0; i < 100; i++)
        {
            server.Control.Put(Shop.Line(i + 1));
        }

        using var afresh = await server.WatchAsync($"{Watch}&after={known}", asAgent: true);
        Assert.True((bool)JsonNode.Parse((await afresh.NextAsync()).Data)!["snapshot"]!);
    }

    [Fact]
    public async Task Ends_when_the_agent_starts_anew_and_refuses_an_old_session()
    {
        await using var server = await TestServer.StartAsync(Shop.Running());
        using var old = await server.WatchAsync(Watch, asAgent: true);
        await old.NextAsync();
        server.Control.Put(Shop.Node(session: "s2"));
        Assert.Null(await old.NextOrEndAsync());
        var problem = await server.SendAsync(HttpMethod.Get, Watch, asAgent: true).ProblemAsync(409, "conflict");
        Assert.Equal("node 'n1' is not registered with this session; register again", problem.Detail);
    }

    [Fact]
    public async Task A_second_watch_of_a_node_takes_the_place_of_the_first()
    {
        await using var server = await TestServer.StartAsync(Shop.Running());
        using var first = await server.WatchAsync(Watch, asAgent: true);
        await first.NextAsync();
        using var second = await server.WatchAsync(Watch, asAgent: true);
        await second.NextAsync();
        Assert.Null(await first.NextOrEndAsync());
        server.Control.Put(Shop.Instance("cart", "cart-c"));
        Assert.Equal(["cart-c"], Instances(JsonNode.Parse((await second.NextAsync()).Data)!));
    }

    [Fact]
    public async Task Needs_a_session()
    {
        await using var server = await TestServer.StartAsync(Shop.Running());
        await server.SendAsync(HttpMethod.Get, "api/nodes/n1/watch", asAgent: true).ProblemAsync(400, "malformed");
    }

    private static string[] Instances(JsonNode item) => [.. (item["assigned"]?.AsArray() ?? []).Select(a => (string)a!["instance"]!)];

    private static async Task<string[]> RemovedAsync(SseClient watch, int count)
    {
        var removed = new List<string>();
        while (removed.Count < count)
        {
            removed.AddRange(JsonNode.Parse((await watch.NextAsync()).Data)!["removed"]!.AsArray().Select(r => (string)r!));
        }

        return [.. removed];
    }
}
