using Tutti.EndToEnd.Sites;

namespace Tutti.EndToEnd.Chaos;

/// <summary>Kills something at random moments; what, and when, follows from the seed alone.</summary>
internal sealed class Faults(Site site, Cluster cluster, Random random, ITestOutputHelper output)
{
    private const int ShortestPause = 50;
    private const int LongestPause = 1500;

    public int Kills { get; private set; }

    /// <summary>Waits for the next moment and kills. An agent or server is started again at once.</summary>
    public async Task NextAsync()
    {
        await Task.Delay(random.Next(ShortestPause, LongestPause), TestContext.Current.CancellationToken);
        cluster.BothLive();
        var (kind, pick) = (random.Next(10), random.NextDouble());
        Kills++;
        if (kind < 3)
        {
            output.WriteLine($"{DateTimeOffset.UtcNow:HH:mm:ss.fff} kill -9 of the server");
            await cluster.KillServerAsync();
        }
        else if (kind < 6)
        {
            output.WriteLine($"{DateTimeOffset.UtcNow:HH:mm:ss.fff} kill -9 of the agent");
            await cluster.KillAgentAsync();
        }
        else
        {
            KillInstance(pick);
        }
    }

    private void KillInstance(double pick)
    {
        var live = site.LiveInstances().OrderBy(each => each.Instance, StringComparer.Ordinal).ToArray();
        if (live.Length > 0)
        {
            var victim = live[(int)(pick * live.Length)];
            output.WriteLine($"{DateTimeOffset.UtcNow:HH:mm:ss.fff} kill -9 of {victim.Instance}, pid {victim.Pid}");
            Signals.Kill9(victim.Pid);
        }
    }
}
