using Tutti.Control.State;
using Tutti.EndToEnd.Sites;
using Tutti.Server.Api;

namespace Tutti.EndToEnd;

[Collection(RunningShopTests.Name)]
public sealed class ChangeTests(RunningShop shop) : RunningShopTest(shop)
{
    [Theory]
    [InlineData("payments", "--crash", "exited with code 1")]
    [InlineData("catalog", "--never-healthy", "GET /healthz")]
    public async Task A_failing_update_goes_back_by_itself_and_says_why(string service, string fault, string telling)
    {
        const string version = "1.9.0";
        var pids = await Site.PidsAsync(service);
        var old = await Site.Api.ServiceAsync(service);
        var bad = Site.Write(RunningShop.Manifest.WithRelease(service, version, $", {fault}"), "bad.yaml");
        var apply = (await Site.RunAsync("apply", bad)).Expect(1);
        await Site.SettlesAsync();

        var operations = (await Site.RunAsync("operations", "-s", service, "-o", "json")).Json<Operation[]>();
        var failed = Assert.Single(operations, each => each.State == OperationState.RolledBack && each.Summary.EndsWith(version, StringComparison.Ordinal));
        Assert.Contains(telling, failed.Reason);
        Assert.Contains($"last lines of its log:\n{service} {version}: ", failed.Reason);
        Assert.Contains(telling, apply.Out + apply.Error);
        Assert.Equal(pids, await Site.PidsAsync(service));
        Assert.Equal(old.Version, (await Site.Api.ServiceAsync(service)).Version);
        await Site.SellsAsync();
    }

    [Fact]
    public async Task Scaling_out_and_in_touches_only_what_it_adds()
    {
        var before = await Site.PidsAsync("catalog");
        (await Site.RunAsync("scale", "catalog", "3")).Expect(0);
        await ScaledAsync(3);
        var three = await Site.PidsAsync("catalog");
        Assert.Equal(before, three.Where(each => before.ContainsKey(each.Key)).ToDictionary());
        Assert.Equal(3, (await Site.Api.EndpointsAsync("catalog")).Length);

        (await Site.RunAsync("scale", "catalog", "1")).Expect(0);
        await ScaledAsync(1);
        var one = Assert.Single(await Site.PidsAsync("catalog"));
        Assert.Equal(three[one.Key], one.Value);
    }

    [Fact]
    public async Task Restarting_replaces_every_instance()
    {
        var before = await Site.PidsAsync("web");
        (await Site.RunAsync("restart", "web")).Expect(0);
        await Until.NoProblemAsync("both are new", async () =>
        {
            var now = await Site.PidsAsync("web");
            return now.Count == 2 && !now.Values.Intersect(before.Values).Any() ? null : string.Join(' ', now.Keys);
        });
        await Site.SettlesAsync();
        await Site.SellsAsync();
    }

    [Fact]
    public async Task A_rollback_brings_the_set_before_back()
    {
        var current = (await Site.RunAsync("versions", "-o", "json")).Json<VersionSet[]>()[^1];
        (await Site.RunAsync("apply", Site.Write(RunningShop.Manifest.WithRelease("pricing", "1.0.0"), "old-prices.yaml"), "-m", "old prices")).Expect(0);
        Assert.Equal("1.0.0", (await Site.Api.ServiceAsync("pricing")).Version!.ToString());

        (await Site.RunAsync("rollback", "--yes")).Expect(0);
        await Until.NoProblemAsync("the rollback is under way", async () =>
            (await Site.Api.ServiceAsync("pricing")).Version!.ToString() == "1.1.0" ? null : "not yet");
        await Site.SettlesAsync();
        var sets = (await Site.RunAsync("versions", "-o", "json")).Json<VersionSet[]>();
        Assert.Equal(current.ContentHash, sets[^1].ContentHash);
        Assert.Equal("old prices", sets[^2].Message);
    }

    private async Task ScaledAsync(int count)
    {
        await Until.NoProblemAsync($"catalog is scaled to {count}", async () =>
            (await Site.Api.ServiceAsync("catalog")).Desired == count ? null : "not yet");
        await Site.SettlesAsync();
    }
}
