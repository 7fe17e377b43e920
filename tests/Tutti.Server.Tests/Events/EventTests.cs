using Tutti.Control.State;
using Tutti.Server.Tests.Fakes;

namespace Tutti.Server.Tests.Events;

public sealed class EventTests
{
    private static readonly object[] _lines = [Shop.Architecture(), Shop.Set(), Shop.Line(1), Shop.Line(2, "web"), Shop.Line(3), Shop.Line(4, "cart", architecture: "other")];

    [Theory]
    [InlineData("", new long[] { 1, 2, 3, 4 })]
    [InlineData("?architecture=shop", new long[] { 1, 2, 3 })]
    [InlineData("?architecture=shop&service=cart", new long[] { 1, 3 })]
    [InlineData("?after=1&limit=2", new long[] { 2, 3 })]
    [InlineData("?limit=2", new long[] { 3, 4 })]
    public async Task Lists_oldest_first(string query, long[] sequences)
    {
        await using var server = await TestServer.StartAsync(_lines);
        Assert.Equal(sequences, (await server.GetAsync<Event[]>("api/events" + query)).Select(e => e.Sequence));
    }

    [Fact]
    public async Task Watch_resumes_after_a_sequence_without_gap_or_overlap_and_goes_on()
    {
        await using var server = await TestServer.StartAsync(_lines);
        using var watch = await server.WatchAsync("api/events?architecture=shop&after=1");
        Assert.Equal(2, (await watch.NextAsync()).Id);
        Assert.Equal(3, (await watch.NextAsync()).Id);
        server.Control.Put(Shop.Line(5, architecture: "other"), Shop.Line(6));
        var item = await watch.NextAsync();
        Assert.Equal(("event", 6, "line 6"), (item.Kind, item.Id, item.As<Event>().Cause));

        using var browser = await server.WatchAsync("api/events", lastEventId: 4);
        Assert.Equal(5, (await browser.NextAsync()).Id);
    }

    [Fact]
    public async Task Watch_without_a_position_begins_with_what_comes_or_with_the_newest()
    {
        await using var server = await TestServer.StartAsync(_lines);
        using var fresh = await server.WatchAsync("api/events?watch=true");
        using var newest = await server.WatchAsync("api/events?limit=1");
        Assert.Equal(4, (await newest.NextAsync()).Id);
        server.Control.Put(Shop.Line(5));
        Assert.Equal(5, (await fresh.NextAsync()).Id);
        Assert.Equal(5, (await newest.NextAsync()).Id);
    }

    [Fact]
    public async Task Bad_positions_and_limits_are_said()
    {
        await using var server = await TestServer.StartAsync(_lines);
        Assert.Contains("limit=-1", (await server.Http.GetAsync("api/events?limit=-1").ProblemAsync(400, "malformed")).Detail);
        Assert.Contains("after", (await server.Http.GetAsync("api/events?after=x").ProblemAsync(400, "malformed")).Detail);
        var request = new HttpRequestMessage(HttpMethod.Get, "api/events?watch=true");
        request.Headers.Add("Last-Event-ID", "abc");
        Assert.Contains("'abc'", (await server.Http.SendAsync(request).ProblemAsync(400, "malformed")).Detail);
    }
}
