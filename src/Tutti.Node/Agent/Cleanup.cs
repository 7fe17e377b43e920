using Tutti.Node.Runtimes;

namespace Tutti.Node.Agent;

/// <summary>Ends what an agent that is no more has left running, without a server.</summary>
internal static class Cleanup
{
    /// <summary>Stops every instance as its manifest asks (without drain: nobody is led to it any more) or kills it, then kills whatever carries a mark of this journal.</summary>
    /// <returns>How many instances were stopped.</returns>
    public static async Task<int> StopAllAsync(string dataFolder, bool atOnce, IRuntime runtime, TimeProvider time, CancellationToken cancellation)
    {
        if (!Directory.Exists(dataFolder))
        {
            return 0;
        }

        using var folder = AgentFolder.Open(dataFolder);
        var journal = Journal.Open(folder.Journal);
        var survey = await Survey.TakeAsync(journal, runtime, key => Path.Combine(folder.Logs, key), folder.Root, time, cancellation);
        var running = survey.Where(s => s.Running is not null).ToArray();
        await Task.WhenAll(running.Select(s => atOnce
            ? s.Running!.StopAsync("SIGKILL", TimeSpan.Zero)
            : s.Running!.StopAsync(s.Entry.Assignment.Stop.Signal, s.Entry.Assignment.Stop.Grace))).WaitAsync(cancellation);
        await LaunchMarks.KillAsync(journal.Id, _ => true, time, cancellation);
        foreach (var (_, instance) in running)
        {
            instance!.Dispose();
        }

        return running.Length;
    }
}
