using Tutti.EndToEnd.Sites;

namespace Tutti.EndToEnd.Versions;

[Collection(RunningShopTests.Name)]
public sealed class GapTests(RunningShop shop) : RunningShopTest(shop)
{
    [Fact]
    public async Task A_pet_is_exchanged_only_with_consent_to_the_gap_and_keeps_its_file()
    {
        var pids = await Site.PidsAsync();
        var before = Assert.Single(await Site.Api.InRunAsync("ledger"));
        var older = Site.Write(RunningShop.Manifest.WithRelease("ledger", "1.0.0"), "older-ledger.yaml");

        var refused = (await Site.RunAsync("apply", older)).Expect(1);
        Assert.Contains("ledger", refused.Error);
        Assert.Contains("--allow-gap", refused.Error);
        Assert.Equal(pids, await Site.PidsAsync());
        Assert.Equal("1.1.0", (await Site.Api.ServiceAsync("ledger")).Version!.ToString());

        var entries = await Site.Api.NumberAsync(before, "entries");
        (await Site.RunAsync("apply", older, "--allow-gap")).Expect(0);
        await Site.SettlesAsync();
        var exchanged = Assert.Single(await Site.Api.InRunAsync("ledger"));
        Assert.Equal((before.Id, "1.0.0"), (exchanged.Id, exchanged.Version.ToString()));
        Assert.True(await Site.Api.NumberAsync(exchanged, "entries") >= entries);

        var asked = (await Site.RunAsync("rollback", "ledger", "--to", "1.1.0", "--yes")).Expect(1);
        Assert.Contains("--allow-gap", asked.Error);
        (await Site.RunAsync("rollback", "ledger", "--to", "1.1.0", "--yes", "--allow-gap")).Expect(0);
        await Site.SettlesAsync();
        Assert.Equal("1.1.0", (await Site.Api.ServiceAsync("ledger")).Version!.ToString());
        await Site.SellsAsync();
    }
}
