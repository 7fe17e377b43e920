using Tutti.EndToEnd.Sites;
using Tutti.Model.Lifecycle;

namespace Tutti.EndToEnd;

public sealed class SeparateTests : SiteTest
{
    private readonly int _port = Site.FreePort();

    [Fact]
    public async Task Server_and_agent_may_die_and_come_back_while_the_shop_goes_on()
    {
        var server = Site.StartServer(_port);
        await ServerAnswersAsync(server);
        var agent = Site.StartAgent("alone", _port);
        (await Site.RunAsync("apply", Site.Write(ShopManifest.Current))).Expect(0);
        await Site.SettlesAsync();
        var pids = await Site.PidsAsync();
        var shopper = Assert.Single(await Site.Api.InRunAsync("shopper"));

        await agent.Kill9Async();
        Assert.Equal(pids.Values.Order(), Site.LiveInstances().Select(each => each.Pid).Order());
        agent = Site.StartAgent("alone", _port);
        await Site.SellsAsync();
        await Site.SettlesAsync();
        Assert.Equal(pids, await Site.PidsAsync());

        await server.Kill9Async();
        var sold = await Site.Api.NumberAsync(shopper, "succeeded");
        await Until.NoProblemAsync("the shop sells without a server", async () =>
            await Site.Api.NumberAsync(shopper, "succeeded") is var now && now >= sold + 10 ? null : $"{now - sold} sold");
        HoldsCattle(pids);

        server = Site.StartServer(_port);
        await ServerAnswersAsync(server);
        await HeardAgainAsync();
        HoldsCattle(pids);

        await agent.Kill9Async();
        await server.Kill9Async();
        await ServerAnswersAsync(Site.StartServer(_port));
        Site.StartAgent("alone", _port);
        await HeardAgainAsync();
        HoldsCattle(pids);
        await Site.SellsAsync();
        await Site.SettlesAsync();
        Assert.Equal(pids.Keys.Order(), (await Site.PidsAsync()).Keys.Order());
    }

    [Fact]
    public async Task What_dies_while_no_agent_looks_is_replaced_once_it_is_back()
    {
        await ServerAnswersAsync(Site.StartServer(_port));
        var agent = Site.StartAgent("alone", _port);
        (await Site.RunAsync("apply", Site.Write(ShopManifest.Current))).Expect(0);
        await Site.SettlesAsync();
        var before = await Site.PidsAsync();
        var dead = (await Site.Api.InRunAsync("cart"))[0];

        await agent.Kill9Async();
        Signals.Kill9(dead.Pid!.Value);
        Site.StartAgent("alone", _port);
        await Until.NoProblemAsync("the dead cart is forgotten", async () =>
            (await Site.Api.InRunAsync("cart")).All(each => each.Id != dead.Id) ? null : "not yet");
        await Site.SettlesAsync();
        var after = await Site.PidsAsync();
        Assert.Equal(before.Where(each => each.Key != dead.Id).ToDictionary(), after.Where(each => before.ContainsKey(each.Key)).ToDictionary());
    }

    /// <summary>The same processes as ever. The pet may have been restarted in place: on a slow machine the server is away for longer than its lease.</summary>
    private void HoldsCattle(Dictionary<string, int> pids)
    {
        var live = Site.LiveInstances().Where(each => each.Service != "ledger").Select(each => (each.Instance!, each.Pid)).Order();
        Assert.Equal(pids.Where(each => each.Key != "ledger-0").Select(each => (each.Key, each.Value)).Order(), live);
        Site.NoneIsDoubled();
    }

    private async Task HeardAgainAsync()
    {
        var since = DateTimeOffset.UtcNow;
        await Until.NoProblemAsync("the node is heard of again", async () =>
            await Site.Api.NodesAsync() is [{ State: "Ready" } node] && node.HeardAt > since ? null : "not yet");
        await Site.SettlesAsync();
    }

    private Task ServerAnswersAsync(Child server) => Until.NoProblemAsync("the server answers", async () =>
    {
        Assert.False(server.HasEnded, server.Said());
        await Site.Api.NodesAsync();
        return Site.Server().Pid == server.Pid ? null : "the one before is still named";
    });
}
