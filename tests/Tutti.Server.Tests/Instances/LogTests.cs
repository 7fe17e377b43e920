using System.Net;
using System.Text.Json.Nodes;
using Tutti.Control.Loop;
using Tutti.Server.Tests.Fakes;

namespace Tutti.Server.Tests.Instances;

public sealed class LogTests
{
    private const string Watch = "api/nodes/n1/watch?session=s1";
    private const string Logs = "api/instances/shop/cart-a/logs";

    [Fact]
    public async Task A_log_is_asked_of_its_agent_and_passed_on_as_it_comes()
    {
        await using var server = await TestServer.StartAsync(Shop.Running());
        using var agent = await server.WatchAsync(Watch, asAgent: true);
        await agent.NextAsync();
        var reading = server.SendAsync(HttpMethod.Get, Logs + "?tail=7&follow=true");
        var request = await RequestAsync(agent);
        Assert.Equal(("shop/cart-a", 7, true), ((string)request["instance"]!, (int)request["tail"]!, (bool)request["follow"]!));

        using var log = new LineContent();
        var sending = server.SendAsync(HttpMethod.Post, $"api/nodes/n1/logs/{request["stream"]}", log, asAgent: true);
        log.Write("first");
        using var lines = new StreamReader(await (await reading).Content.ReadAsStreamAsync());
        Assert.Equal("first", await lines.ReadLineAsync().WaitAsync(TestServer.Deadline));
        log.Write("second");
        Assert.Equal("second", await lines.ReadLineAsync().WaitAsync(TestServer.Deadline));
        log.End();
        Assert.Null(await lines.ReadLineAsync().WaitAsync(TestServer.Deadline));
        Assert.Equal(HttpStatusCode.NoContent, (await sending).StatusCode);
    }

    [Fact]
    public async Task A_reader_that_leaves_ends_the_agents_sending()
    {
        await using var server = await TestServer.StartAsync(Shop.Running());
        using var agent = await server.WatchAsync(Watch, asAgent: true);
        await agent.NextAsync();
        var reading = server.SendAsync(HttpMethod.Get, Logs + "?follow=true");
        var request = await RequestAsync(agent);
        using var log = new LineContent();
        var sending = server.SendAsync(HttpMethod.Post, $"api/nodes/n1/logs/{request["stream"]}", log, asAgent: true);
        log.Write("first");
        (await reading).Dispose();
        await Eventually.TrueAsync(
            () =>
            {
                log.Write("nobody hears this");
                return sending.IsCompleted;
            },
            "the connection is closed");
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => sending);
    }

    [Fact]
    public async Task An_agent_that_breaks_off_does_not_make_a_whole_log()
    {
        await using var server = await TestServer.StartAsync(Shop.Running());
        using var agent = await server.WatchAsync(Watch, asAgent: true);
        await agent.NextAsync();
        var reading = server.SendAsync(HttpMethod.Get, Logs);
        var request = await RequestAsync(agent);
        using var log = new LineContent();
        using var gone = new CancellationTokenSource();
        var post = new HttpRequestMessage(HttpMethod.Post, $"api/nodes/n1/logs/{request["stream"]}") { Content = log };
        post.Headers.Authorization = new("Bearer", server.Token);
        var sending = server.Http.SendAsync(post, gone.Token);
        log.Write("first");
        var body = await (await reading).Content.ReadAsStreamAsync();
        Assert.Equal((byte)'f', (byte)body.ReadByte());
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(async () => await body.CopyToAsync(Stream.Null).WaitAsync(TestServer.Deadline));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    [Fact]
    public async Task A_node_whose_agent_is_away_is_named_with_when_it_was_heard()
    {
        await using var server = await TestServer.StartAsync(Shop.Running());
        server.Control.Pulses["n1"] = new NodePulse(Shop.Noon, null);
        var problem = await server.Http.GetAsync(Logs).ProblemAsync(503, "unavailable");
        Assert.Equal(
            "the agent of node 'n1' is not connected, so the log of shop/cart-a cannot be read; it was last heard from at 2026-03-01T12:00:00Z", problem.Detail);
    }

    [Fact]
    public async Task An_agent_that_does_not_begin_is_not_waited_for_for_ever()
    {
        await using var server = await TestServer.StartWithAsync(o => o with { AgentPatience = TimeSpan.FromMilliseconds(50) }, Shop.Running());
        using var agent = await server.WatchAsync(Watch, asAgent: true);
        await agent.NextAsync();
        var problem = await server.Http.GetAsync(Logs).ProblemAsync(504, "agent-silent");
        Assert.Contains("'n1'", problem.Detail);
        var request = await RequestAsync(agent);
        await server.PostAsync($"api/nodes/n1/logs/{request["stream"]}", asAgent: true).ProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task What_has_no_log_and_what_cannot_be_asked_is_said()
    {
        await using var server = await TestServer.StartAsync([.. Shop.Running(), Shop.Instance("cart", "cart-0", node: null)]);
        Assert.Contains("waits for a node", (await server.Http.GetAsync("api/instances/shop/cart-0/logs").ProblemAsync(409, "conflict")).Detail);
        await server.Http.GetAsync("api/instances/shop/cart-x/logs").ProblemAsync(404, "not-found");
        Assert.Contains("tail=10001", (await server.Http.GetAsync(Logs + "?tail=10001").ProblemAsync(400, "malformed")).Detail);
        Assert.Contains("tail", (await server.Http.GetAsync(Logs + "?tail=many").ProblemAsync(400, "malformed")).Detail);
        await server.PostAsync("api/nodes/n1/logs/nobody", asAgent: true).ProblemAsync(404, "not-found");
    }

    private static async Task<JsonNode> RequestAsync(SseClient agent) => JsonNode.Parse((await agent.NextAsync()).Data)!["logs"]![0]!;
}
