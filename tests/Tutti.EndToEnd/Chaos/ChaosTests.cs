using System.Diagnostics;
using Tutti.Control.State;
using Tutti.EndToEnd.Sites;

namespace Tutti.EndToEnd.Chaos;

public sealed class ChaosTests(ITestOutputHelper output) : SiteTest
{
    /// <summary>Names the seed of a run that is to be repeated.</summary>
    private const string SeedVariable = "TUTTI_CHAOS_SEED";

    /// <summary>So many changes at least have to be acknowledged among the faults, which go on for that long at least and at most.</summary>
    private const int Changes = 4;

    private static readonly TimeSpan _atLeast = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _atMost = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task Nothing_is_lost_or_doubled_whatever_is_killed_during_updates()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable(SeedVariable), out var given) ? given : Random.Shared.Next();
        output.WriteLine($"seed {seed}; run it again with {SeedVariable}={seed}");

        // The ledger may be killed more often than a person would put up with.
        ShopManifest[] manifests = [.. new[] { ShopManifest.Before, ShopManifest.Current }.Select(each => each.With("restarts: 5", "restarts: 1000"))];
        var cluster = new Cluster(Site);
        await cluster.StartAsync();
        (await Site.RunAsync("apply", Site.Write(manifests[1]))).Expect(0);

        var applies = new Applies(Site, manifests);
        var faults = new Faults(Site, cluster, new Random(seed), output);
        var started = Stopwatch.GetTimestamp();
        using var enough = new CancellationTokenSource();
        var applying = applies.RunAsync(enough.Token);
        try
        {
            while (!applying.IsCompleted && Stopwatch.GetElapsedTime(started) is var elapsed
                && (elapsed < _atLeast || (elapsed < _atMost && applies.Acknowledged.Count < Changes)))
            {
                await faults.NextAsync();
                Site.NoneIsDoubled();
            }
        }
        finally
        {
            await enough.CancelAsync();
        }

        await applying;
        var last = await applies.LastAsync();
        output.WriteLine($"{faults.Kills} kills, {applies.Acknowledged.Count} changes acknowledged, the last to {last}");
        await Site.SettlesAsync();
        await Site.SellsAsync();
        Site.NoneIsDoubled();

        Assert.True(applies.Acknowledged.Count >= 2, "too little was acknowledged to say anything");
        var sets = (await Site.RunAsync("versions", "-o", "json")).Json<VersionSet[]>().ToDictionary(each => each.Number);
        Assert.All(applies.Acknowledged, each => Assert.Equal(each.Message, sets[each.Set].Message));
        Assert.Equal(last, (await Site.Api.ServiceAsync("web")).Version!.ToString());

        await cluster.DownAsync();
        Assert.Empty(LiveProcess.Below(Site.Root));
    }
}
