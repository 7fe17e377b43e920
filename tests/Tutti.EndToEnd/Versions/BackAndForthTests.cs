using Tutti.EndToEnd.Sites;

namespace Tutti.EndToEnd.Versions;

public sealed class BackAndForthTests(ITestOutputHelper output) : SiteTest
{
    /// <summary>Names the seed of a run that is to be repeated.</summary>
    private const string SeedVariable = "TUTTI_SHOP_SEED";

    private const int Rounds = 10;

    /// <summary>Two of each run, so that one may die and nobody is refused.</summary>
    private static readonly string[] _mortal = ["web", "cart", "catalog", "pricing"];

    private readonly List<Kill> _kills = [];

    [Fact]
    public async Task Ten_times_there_and_back_no_call_is_incompatible_and_none_fails_but_in_a_killed_process()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable(SeedVariable), out var given) ? given : Random.Shared.Next();
        output.WriteLine($"seed {seed}; run it again with {SeedVariable}={seed}");
        var random = new Random(seed);
        var shop = new BusyShop(Site);
        Site.StartUp(Site.Write(shop.Before, "before.yaml"));
        Site.Write(shop.After, "after.yaml");
        await shop.IsAtAsync("1.1.0", "2.0.0");
        await Site.SellsAsync();

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
        Judge(shop.Read());
    }

    [Fact]
    public async Task Led_to_any_version_the_same_shop_makes_incompatible_calls()
    {
        Site.Environment["TUTTI_TEST_ROUTE_ANY_VERSION"] = "1";
        var shop = new BusyShop(Site);
        Site.StartUp(Site.Write(shop.Before));
        await shop.IsAtAsync("1.1.0", "2.0.0");
        await Site.SellsAsync();
        Assert.Empty(shop.Read().Incompatible);

        (await Site.RunAsync("apply", Site.Write(shop.After, "after.yaml"))).Expect(0);
        await shop.IsAtAsync("1.2.0", "2.2.0");
        var records = shop.Read();
        output.WriteLine($"{records.Incompatible.Length} incompatible, {records.Failed.Length} of {records.Purchases.Length} purchases failed");
        Assert.Contains(records.Incompatible, line => line.Contains(" web 1.1.0 incompatible cart ", StringComparison.Ordinal));
        Assert.Contains(records.Incompatible, line => line.Contains(" cart 2.2.0 incompatible POST /cart/", StringComparison.Ordinal));
        Assert.NotEmpty(records.Failed);
    }

    private void Judge(Records records)
    {
        _kills.ForEach(kill => output.WriteLine(kill.ToString()));
        output.WriteLine($"{records.Processes} processes, {records.Purchases.Length} purchases, {records.Failed.Length} failed, {_kills.Count} kills");
        Array.ForEach(records.Failed, each => output.WriteLine(each.ToString()));

        Assert.Empty(records.Incompatible);

        // What was under way at the moment of a death may have been in the process that died: these purchases and no others may fail.
        // Nobody may fail for want of somebody to ask, even then.
        Assert.All(records.Failed, each => Assert.Contains(_kills, each.Overlaps));
        Assert.All(records.Failed, each => Assert.Contains("tutti:provider-failed", each.Failure, StringComparison.Ordinal));
        foreach (var kill in _kills)
        {
            var (failed, underWay) = (records.Failed.Count(each => each.Overlaps(kill)), records.Purchases.Count(each => each.Overlaps(kill)));
            output.WriteLine($"{kill.Instance}: {failed} failed of {underWay} under way");
        }

        Assert.True(records.Purchases.Length > _kills.Count * BusyShop.Rate, "too little was bought to say anything");
    }

    /// <summary>Runs a command to its end and, at a random moment of it, kills a random instance.</summary>
    private async Task GoAsync(string[] words, bool kill, Random random)
    {
        const int longestWay = 4000;
        var (delay, pick) = (random.Next(longestWay), random.NextDouble());
        var going = Site.RunAsync(words);
        if (kill)
        {
            await Task.WhenAny(going, Task.Delay(delay, TestContext.Current.CancellationToken));
            await KillAsync(pick);
        }

        (await going).Expect(0);
    }

    private async Task KillAsync(double pick)
    {
        var live = Site.LiveInstances().Where(each => _mortal.Contains(each.Service)).OrderBy(each => each.Instance, StringComparer.Ordinal).ToArray();
        var victim = live[(int)(pick * live.Length)];
        var sent = DateTimeOffset.UtcNow;
        Signals.Kill9(victim.Pid);
        var folder = $"/proc/{victim.Pid}";
        while (Directory.Exists(folder))
        {
            await Task.Yield();
        }

        _kills.Add(new Kill(victim.Instance!, sent, DateTimeOffset.UtcNow));
    }

    private string In(string name) => Path.Combine(Site.Root, name);
}
