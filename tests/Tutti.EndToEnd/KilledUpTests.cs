using Tutti.EndToEnd.Sites;

namespace Tutti.EndToEnd;

public sealed class KilledUpTests : SiteTest
{
    [Fact]
    public async Task The_next_up_takes_the_same_processes_over_and_ctrl_c_ends_them()
    {
        var manifest = Site.Write(ShopManifest.Current);
        var first = Site.StartUp(manifest);
        await Site.SettlesAsync();
        var pids = await Site.PidsAsync();

        await first.Kill9Async();
        Assert.Equal(pids.Values.Order(), Site.LiveInstances().Select(each => each.Pid).Order());

        var second = Site.StartUp(manifest);
        await Until.TrueAsync("the second up says that the shop runs", () => second.Said().Contains("runs as asked", StringComparison.Ordinal));
        await Site.SettlesAsync();
        Assert.Equal(pids, await Site.PidsAsync());
        await Site.SellsAsync();

        Signals.Terminate(second.Pid);
        Assert.Equal(0, await second.EndAsync());
        Assert.Empty(LiveProcess.Below(Site.Root));
    }

    [Fact]
    public async Task Down_cleans_up_what_a_killed_up_left()
    {
        var up = Site.StartUp(Site.Write(ShopManifest.Current));
        await Site.SettlesAsync();
        await up.Kill9Async();
        Assert.NotEmpty(Site.LiveInstances());

        var down = (await Site.RunAsync("down")).Expect(0);
        Assert.Contains("10 instances", down.Out);
        Assert.Empty(LiveProcess.Below(Site.Root));
        (await Site.RunAsync("ps")).Expect(3);
        Assert.Contains("nothing runs", (await Site.RunAsync("down")).Expect(0).Out);
    }

    [Fact]
    public async Task Killed_while_the_shop_starts_it_leaves_nothing_that_down_does_not_find()
    {
        var up = Site.StartUp(Site.Write(ShopManifest.Current));
        await Until.TrueAsync("the first instance is born", () => Site.LiveInstances().Length > 0);
        await up.Kill9Async();

        (await Site.RunAsync("down")).Expect(0);
        Assert.Empty(LiveProcess.Below(Site.Root));
    }
}
