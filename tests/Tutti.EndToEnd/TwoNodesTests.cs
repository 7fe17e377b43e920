using Tutti.EndToEnd.Sites;

namespace Tutti.EndToEnd;

public sealed class TwoNodesTests : SiteTest
{
    private const string Second = "second";

    [Fact]
    public async Task Instances_leave_a_drained_node_and_a_lost_one()
    {
        Site.StartUp(Site.Write(ShopManifest.Current));
        await Site.SettlesAsync();
        var first = Assert.Single(await Site.Api.NodesAsync()).Name;
        var agent = Site.StartAgent(Second, new Uri(Site.Server().Url).Port);
        await Until.NoProblemAsync("the second node has joined", async () => (await Site.Api.NodesAsync()).Length == 2 ? null : "not yet");

        (await Site.RunAsync("restart", "web")).Expect(0);
        (await Site.RunAsync("scale", "catalog", "4")).Expect(0);
        await Until.NoProblemAsync("the second node has a part", async () =>
            (await OnAsync(Second, "catalog")) > 0 && (await OnAsync(first, "catalog")) > 0 && (await Site.Api.ServiceAsync("catalog")).Desired == 4 ? null : "not yet");
        await Site.SettlesAsync();
        await Site.SellsAsync();

        (await Site.RunAsync("drain", Second)).Expect(0);
        await Until.NoProblemAsync("the second node is drained", async () =>
            await StateAsync(Second) == "Drained" && await OnAsync(Second) == 0 ? null : $"{await OnAsync(Second)} left");
        await Site.SettlesAsync();
        (await Site.RunAsync("drain", Second, "--undo")).Expect(0);

        await SpreadAgainAsync(first);
        await agent.Kill9Async();
        await LostAsync(first);
        await BackAsync(first);
    }

    /// <summary>Its agent is dead and its processes go on: as seen from the server, a lost node.</summary>
    private async Task LostAsync(string first)
    {
        await Until.NoProblemAsync("the second node is lost", async () => await StateAsync(Second) == "Lost" ? null : await StateAsync(Second));
        await Until.NoProblemAsync("all cattle runs on the first node", async () =>
            await OnAsync(first, "catalog") == 4 && (await Site.Api.EndpointsAsync("catalog")).All(each => each.Node == first) ? null : "not yet");
        await Site.SellsAsync();
    }

    /// <summary>Its agent comes back and stops what was replaced elsewhere.</summary>
    private async Task BackAsync(string first)
    {
        Assert.NotEmpty(LiveProcess.Below(Site.DataOf(Second)));
        Site.StartAgent(Second, new Uri(Site.Server().Url).Port);
        await Until.NoProblemAsync("the second node is back", async () => await StateAsync(Second) == "Ready" ? null : await StateAsync(Second));
        await Site.SettlesAsync();
        Assert.Equal(4, await OnAsync(first, "catalog") + await OnAsync(Second, "catalog"));
        await Site.SellsAsync();
    }

    private async Task SpreadAgainAsync(string first)
    {
        (await Site.RunAsync("restart", "catalog")).Expect(0);
        await Until.NoProblemAsync("catalog is on both nodes again", async () =>
            await OnAsync(first, "catalog") > 0 && await OnAsync(Second, "catalog") > 0 ? null : "not yet");
        await Site.SettlesAsync();
        Assert.True(await OnAsync(Second, "catalog") > 0);
    }

    private async Task<string> StateAsync(string node) => (await Site.Api.NodesAsync()).Single(each => each.Name == node).State;

    private async Task<int> OnAsync(string node, string? service = null) => (await Site.Api.InRunAsync(service)).Count(each => each.Node == node);
}
