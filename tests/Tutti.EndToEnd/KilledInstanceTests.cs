using Tutti.EndToEnd.Sites;
using Tutti.Server.Api;

namespace Tutti.EndToEnd;

[Collection(RunningShopTests.Name)]
public sealed class KilledInstanceTests(RunningShop shop) : RunningShopTest(shop)
{
    [Fact]
    public async Task Cattle_is_replaced_once_and_leaves_discovery()
    {
        var before = await Site.Api.InRunAsync("cart");
        var (dead, other) = (before[0], before[1]);
        var most = 0;
        Signals.Kill9(dead.Pid!.Value);
        await Until.NoProblemAsync("the dead cart is out of discovery and replaced", async () =>
        {
            most = Math.Max(most, Site.LiveInstances().Count(each => each.Service == "cart"));
            var endpoints = await Site.Api.EndpointsAsync("cart");
            return endpoints.Length == 2 && endpoints.All(each => each.Instance != dead.Id) ? null : string.Join(", ", endpoints.Select(each => each.Instance));
        });
        await Site.SettlesAsync();
        most = Math.Max(most, Site.LiveInstances().Count(each => each.Service == "cart"));
        Assert.Equal(2, most);

        var after = await Site.Api.InRunAsync("cart");
        Assert.Contains(after, each => each.Id == other.Id && each.Pid == other.Pid);
        Assert.DoesNotContain(after, each => each.Id == dead.Id);
        var born = await NewPhasesAsync("cart", before);
        Assert.Single(born);
        await Site.SellsAsync();
    }

    [Fact]
    public async Task The_pet_is_restarted_in_place_with_its_file()
    {
        await Site.SellsAsync();
        var before = Assert.Single(await Site.Api.InRunAsync("ledger"));
        var entries = await Site.Api.NumberAsync(before, "entries");
        Signals.Kill9(before.Pid!.Value);
        await Until.NoProblemAsync("the ledger is back", async () =>
        {
            Assert.True(Site.LiveInstances().Count(each => each.Service == "ledger") <= 1, "two ledgers run at once");
            return await Site.Api.InRunAsync("ledger") is [var now] && now.Pid != before.Pid ? null : "not yet";
        });
        await Site.SettlesAsync();

        var after = Assert.Single(await Site.Api.InRunAsync("ledger"));
        Assert.Equal((before.Id, before.Node, before.Attempt + 1), (after.Id, after.Node, after.Attempt));
        Assert.True(await Site.Api.NumberAsync(after, "entries") >= entries);
        await Site.SellsAsync();
    }

    /// <summary>Instances of a service that the journal names and that were not there before; those of the end are among them.</summary>
    private async Task<string[]> NewPhasesAsync(string service, InstanceDocument[] before)
    {
        var since = before.Max(each => each.StartedAt);
        var events = (await Site.RunAsync("events", "--limit", "1000", "-s", service, "-o", "json")).Json<Tutti.Control.State.Event[]>();
        return [.. events.Where(each => each.Instance is not null && each.Time > since).Select(each => each.Instance!).Distinct()
            .Where(id => before.All(each => each.Id != id))];
    }
}
