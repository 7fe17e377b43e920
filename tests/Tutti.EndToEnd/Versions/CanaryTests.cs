using Tutti.EndToEnd.Sites;
using Tutti.Server.Api;

namespace Tutti.EndToEnd.Versions;

public sealed class CanaryTests(ITestOutputHelper output) : SiteTest
{
    private const string Old = "1.1.0";
    private const string New = "1.2.0";

    /// <summary>Less than the hold of 4 s, as it begins a little before it is seen.</summary>
    private static readonly TimeSpan _watched = TimeSpan.FromSeconds(3);

    /// <summary>Far more than the agent needs to hear of a step.</summary>
    private static readonly TimeSpan _untilHeard = TimeSpan.FromMilliseconds(500);

    [Fact]
    public async Task A_canary_gets_its_share_of_the_purchases_and_cart_follows_it()
    {
        var shop = new BusyShop(Site);
        Site.StartUp(Site.Write(shop.Before, "before.yaml"));
        await shop.IsAtAsync(Old, "2.0.0");
        await Site.SellsAsync();

        var after = Site.Write(shop.After.With("web", "    instances: 2\n", "    instances: 2\n    update: { strategy: canary, steps: [20%, 50%], hold: 4s }\n"), "after.yaml");
        var applying = Site.RunAsync("apply", after);
        var fifth = await HeldAsync(20);
        var half = await HeldAsync(50);
        (await applying).Expect(0);
        await shop.IsAtAsync(New, "2.2.0");
        var settled = DateTimeOffset.UtcNow;
        await Site.SellsAsync();

        var records = shop.Read();
        HasShare(records, fifth, 20);
        HasShare(records, half, 50);
        Assert.All(records.Purchases.Where(each => each.Begun > settled), each => Assert.Equal(New, each.Web));
        Assert.Empty(records.Incompatible);
        Assert.Empty(records.Failed);
    }

    /// <summary>The time from the first look at which a step is held. All of it, the step goes on, and there are carts in both releases of cart.</summary>
    private async Task<(DateTimeOffset From, DateTimeOffset To)> HeldAsync(int percent)
    {
        await Until.NoProblemAsync($"web {New} has {percent}% of the traffic", async () => await ShareAsync() is var now && now == percent ? null : $"{now}");
        var from = DateTimeOffset.UtcNow;
        await Until.NoProblemAsync("both releases of cart serve", async () =>
            await CartsAsync() is { Count: 2 } carts && carts.Values.All(each => each > 0) ? null : "not yet");
        while (DateTimeOffset.UtcNow - from < _watched)
        {
            Assert.Equal(percent, await ShareAsync());
        }

        return (from, from + _watched);
    }

    /// <summary>Of calls one after the other, the new release gets exactly its share of every hundred, evenly spread (docs/upstreams.md): a part cut out of them is at most one off.
    /// The list of endpoints may change twice within a step, when an old instance goes and when it is gone. What was under way at either end of the time may belong to it or not.</summary>
    private void HasShare(Records records, (DateTimeOffset From, DateTimeOffset To) held, int percent)
    {
        var from = held.From + _untilHeard;
        var within = records.Purchases.Where(each => each.Begun >= from && each.Begun <= held.To).ToArray();
        var atEnds = records.Purchases.Count(each => each.Overlaps(from, from) || each.Overlaps(held.To, held.To));
        var (expected, got) = (within.Length * percent / 100.0, within.Count(each => each.Web == New));
        output.WriteLine($"{percent}%: {got} of {within.Length} purchases, {atEnds} under way at the ends");
        Assert.InRange(got, expected - 3 - atEnds, expected + 3 + atEnds);
        Assert.True(within.Length >= BusyShop.Rate, $"only {within.Length} purchases were made in the {percent}% step");
    }

    private async Task<double?> ShareAsync() =>
        (await Site.Api.GetAsync<TransitionDocument>("architectures/shop/transitions/current")).Traffic
            .FirstOrDefault(each => each.Service == "web" && each.Version.ToString() == New)?.Share;

    private async Task<Dictionary<string, long>> CartsAsync()
    {
        var carts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var instance in await Site.Api.InRunAsync("cart"))
        {
            var version = instance.Version.ToString();
            carts[version] = carts.GetValueOrDefault(version) + await Site.Api.NumberAsync(instance, "carts");
        }

        return carts;
    }
}
