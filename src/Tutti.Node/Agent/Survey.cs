using System.Collections.Immutable;
using Tutti.Node.Instances;
using Tutti.Node.Runtimes;

namespace Tutti.Node.Agent;

/// <summary>Finds out what of a journal still runs. Afterwards nothing runs that is not in the answer.</summary>
internal static class Survey
{
    private static readonly TimeSpan _lookAgainAfter = TimeSpan.FromMilliseconds(200);

    /// <summary>Every entry of the journal with its process; null where it has none. What is left of those without a leader is killed.</summary>
    public static async Task<ImmutableArray<(JournalEntry Entry, IRunningInstance? Running)>> TakeAsync(
        Journal journal, IRuntime runtime, Func<string, string> logFile, string dataFolder, TimeProvider time, CancellationToken cancellation)
    {
        var marks = LaunchMarks.Find(journal.Id);
        if (journal.Found.Any(e => IntentOnly(e) && !marks.Contains(e.Launch)))
        {
            // A child carries its mark only once it has become its own program; one begun at the agent's last moment may not have yet.
            await Task.Delay(_lookAgainAfter, time, cancellation);
            marks = LaunchMarks.Find(journal.Id);
        }

        var found = journal.Found.Select(entry => (entry, Find(entry, marks, runtime, logFile, dataFolder))).ToImmutableArray();
        var live = found.Where(f => f.Item2 is not null).Select(f => f.entry.Launch).ToHashSet(StringComparer.Ordinal);
        await LaunchMarks.KillAsync(journal.Id, mark => !live.Contains(mark), time, cancellation);
        return found;
    }

    private static bool IntentOnly(JournalEntry entry) => !entry.Stopped && entry.Identity is null;

    private static IRunningInstance? Find(
        JournalEntry entry, ILookup<string, MarkedProcess> marks, IRuntime runtime, Func<string, string> logFile, string dataFolder)
    {
        if (entry.Stopped)
        {
            return null;
        }

        var identity = entry.Identity ?? LaunchMarks.LeaderOf(marks[entry.Launch])?.Identity;
        return identity is null ? null : runtime.Adopt(LaunchPreparation.Bare(entry, dataFolder, logFile), identity);
    }
}
