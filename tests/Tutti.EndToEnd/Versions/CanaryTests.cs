using Tutti.EndToEnd.Sites;
using Tutti.Server.Api;

namespace Tutti.EndToEnd.Versions;

public sealed class CanaryTests(ITestOutputHelper output) : SiteTest
{
    private const string Old = "1.1.0";
    private const string New = "1.2.0";

    [Fact]
    public async Task A_canary_gets_its_share_of_the_purchases_and_cart_follows_it()
    {
        var shop = new BusyShop(Site);
        Site.StartUp(Site.Write(shop.Before, "before.yaml"));
        await shop.IsAtAsync(Old, "2.0.0");
        await Site.SellsAsync();

        var after = Site.Write(shop.After.With("web", "    instances: 2\n", "    instances: 2\n    update: { strategy: canary, steps: [20%, 50%], hold: 3s }\n"), "after.yaml");
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

    /// <summary>Between the first and the last look at which a step was held. While it is, there are carts in both releases of cart.</summary>
    private async Task<(DateTimeOffset From, DateTimeOffset To)> HeldAsync(int percent)
    {
        await Until.NoProblemAsync($"web {New} has {percent}% of the traffic", async () => await ShareAsync() == percent ? null : "not yet");
        var from = DateTimeOffset.UtcNow;
        var to = from;
        await Until.NoProblemAsync("both releases of cart serve", async () =>
            await CartsAsync() is { Count: 2 } carts && carts.Values.All(each => each > 0) ? null : "not yet");
        for (var look = DateTimeOffset.UtcNow; await ShareAsync() == percent; look = DateTimeOffset.UtcNow)
        {
            to = look;
        }

        return (from, to);
    }

    /// <summary>Of calls one after the other, the new release gets exactly its share of every hundred, evenly spread (docs/upstreams.md): what is cut out of them is at most one off.
    /// The list of endpoints may change twice within a step, when an old instance goes and when it is gone. What was under way at either end of the time may belong to it or not.</summary>
    private void HasShare(Records records, (DateTimeOffset From, DateTimeOffset To) held, int percent)
    {
        // By then the agent has heard of the step, too.
        var from = held.From + TimeSpan.FromMilliseconds(500);
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
