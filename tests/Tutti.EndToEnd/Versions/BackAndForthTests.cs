using Tutti.EndToEnd.Sites;

namespace Tutti.EndToEnd.Versions;

public sealed class BackAndForthTests(ITestOutputHelper output) : SiteTest
{
    /// <summary>Names the seed of a run that is to be repeated.</summary>
    private const string SeedVariable = "TUTTI_SHOP_SEED";

    private const int Rounds = 10;
    private const int Turns = 4;

    /// <summary>About as long as a way takes.</summary>
    private const int LongestWayMilliseconds = 4000;

    /// <summary>Two of each run, so that one may die and nobody is refused.</summary>
    private static readonly string[] _mortal = ["web", "cart", "catalog", "pricing"];

    private readonly List<Kill> _kills = [];

    [Fact]
    public async Task Ten_times_there_and_back_no_call_is_incompatible_and_none_fails_but_in_a_killed_process()
    {
        var random = Seeded();
        var shop = await UpAsync();
        for (var round = 0; round < Rounds; round++)
        {
            // Each way is gone by either command, and with somebody killed on it or not.
            string[] there = round % 4 < 2 ? ["apply", In("after.yaml")] : ["rollback", "web", "--to", "1.2.0", "--yes"];
            string[] back = round % 2 == 0 ? ["rollback", "web", "--yes"] : ["apply", In("before.yaml")];
            await GoAsync(there, kill: round % 3 != 0, random);
            await shop.IsAtAsync("1.2.0", "2.2.0");
            await GoAsync(back, kill: round % 3 != 1, random);
            await shop.IsAtAsync("1.1.0", "2.0.0");
        }

        await Site.SellsAsync();
        var records = shop.Read();
        Judge(records);
        Assert.True(records.Processes >= BusyShop.Instances + Rounds * 2 * BusyShop.Exchanged, $"only {records.Processes} processes kept a record");
    }

    [Fact]
    public async Task Turned_back_on_the_way_no_call_is_incompatible_and_none_fails()
    {
        var random = Seeded();
        var shop = await UpAsync();
        for (var turn = 0; turn < Turns; turn++)
        {
            (await Site.RunAsync("apply", In("after.yaml"), "--no-wait")).Expect(0);
            await Task.Delay(random.Next(LongestWayMilliseconds), TestContext.Current.CancellationToken);
            (await Site.RunAsync("apply", In("before.yaml"))).Expect(0);
            await shop.IsAtAsync("1.1.0", "2.0.0");
        }

        await Site.SellsAsync();
        Judge(shop.Read());
    }

    [Fact]
    public async Task Led_to_any_version_the_same_shop_makes_incompatible_calls()
    {
        Site.Environment["TUTTI_TEST_ROUTE_ANY_VERSION"] = "1";
        var shop = await UpAsync();
        Assert.Empty(shop.Read().Incompatible);

        (await Site.RunAsync("apply", In("after.yaml"))).Expect(0);
        await shop.IsAtAsync("1.2.0", "2.2.0");
        var records = shop.Read();
        output.WriteLine($"{records.Incompatible.Length} incompatible, {records.Failed.Length} of {records.Purchases.Length} purchases failed");
        Assert.Contains(records.Incompatible, line => line.Contains(" web 1.1.0 incompatible cart ", StringComparison.Ordinal));
        Assert.Contains(records.Incompatible, line => line.Contains(" cart 2.2.0 incompatible POST /cart/", StringComparison.Ordinal));
        Assert.NotEmpty(records.Failed);
    }

    private Random Seeded()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable(SeedVariable), out var given) ? given : Random.Shared.Next();
        output.WriteLine($"seed {seed}; run it again with {SeedVariable}={seed}");
        return new Random(seed);
    }

    private async Task<BusyShop> UpAsync()
    {
        var shop = new BusyShop(Site);
        Site.StartUp(Site.Write(shop.Before, "before.yaml"));
        Site.Write(shop.After, "after.yaml");
        await shop.IsAtAsync("1.1.0", "2.0.0");
        await Site.SellsAsync();
        return shop;
    }

    /// <summary>Runs a command to its end and, at a random moment of it, kills a random instance.</summary>
    private async Task GoAsync(string[] words, bool kill, Random random)
    {
        var (delay, pick) = (random.Next(LongestWayMilliseconds), random.NextDouble());
        var going = Site.RunAsync(words);
        if (kill)
        {
            await Task.WhenAny(going, Task.Delay(delay, TestContext.Current.CancellationToken));
            var live = Site.LiveInstances().Where(each => _mortal.Contains(each.Service)).OrderBy(each => each.Instance, StringComparer.Ordinal).ToArray();
            _kills.Add(await Kill.OfAsync(live[(int)(pick * live.Length)]));
        }

        (await going).Expect(0);
    }

    /// <summary>No call was incompatible; and what failed, an upstream says, was in a process at the moment it was killed. So at most as many may
    /// have failed as were under way at that moment, and whoever was refused for want of somebody to ask has failed the test.</summary>
    private void Judge(Records records)
    {
        output.WriteLine($"{records.Processes} processes, {records.Purchases.Length} purchases, {records.Failed.Length} failed, {_kills.Count} kills");
        foreach (var kill in _kills)
        {
            output.WriteLine($"{kill}: {records.Failed.Count(kill.Explains)} failed of {records.Purchases.Count(kill.MayHit)} under way");
        }

        Assert.Empty(records.Incompatible);
        Assert.All(records.Failed, failed => Assert.Contains(_kills, kill => kill.Explains(failed)));
        Assert.True(records.Purchases.Length > 10 * BusyShop.Rate, "too little was bought to say anything");
    }

    private string In(string name) => Path.Combine(Site.Root, name);
}
