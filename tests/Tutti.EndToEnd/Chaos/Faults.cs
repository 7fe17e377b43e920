using Tutti.EndToEnd.Sites;

namespace Tutti.EndToEnd.Chaos;

/// <summary>Kills something at random moments; what, and when, follows from the seed alone.</summary>
internal sealed class Faults(Site site, Cluster cluster, Random random, ITestOutputHelper output)
{
    private const int ShortestPause = 50;
    private const int LongestPause = 2000;

    /// <summary>Share of the server's deaths after which the next fault does not wait until it is back. Were it all, nothing could be changed.</summary>
    private const double MidStart = 0.25;

    public int Kills { get; private set; }

    /// <summary>Waits for the next moment and kills. An agent or server is started again at once.</summary>
    public async Task NextAsync()
    {
        await Task.Delay(random.Next(ShortestPause, LongestPause), TestContext.Current.CancellationToken);
        cluster.BothLive();
        var (kind, pick) = (random.Next(10), random.NextDouble());
        Kills++;
        if (kind < 2)
        {
            output.WriteLine($"{DateTimeOffset.UtcNow:HH:mm:ss.fff} kill -9 of the server");
            await cluster.KillServerAsync();
            if (pick > MidStart)
            {
                await cluster.ServerAnswersAsync();
            }
        }
        else if (kind < 5)
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
