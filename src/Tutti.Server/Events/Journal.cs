using Tutti.Control.State;

namespace Tutti.Server.Events;

/// <summary>Reads the journal, oldest line first.</summary>
internal static class Journal
{
    /// <summary>Most lines of one answer.</summary>
    public const int MostLines = 10_000;

    /// <summary>Sequence of the newest line; 0: none.</summary>
    public static long LastSequence(ClusterState state)
    {
        var last = 0L;
        foreach (var sequence in state.Events.Keys)
        {
            last = sequence;
        }

        return last;
    }

    /// <summary>The first lines after a sequence.</summary>
    public static List<Event> After(ClusterState state, JournalFilter filter, long sequence, int most) =>
        [.. state.Events.Values.Where(line => line.Sequence > sequence && filter.Takes(line)).Take(most)];

    /// <summary>The last lines there are.</summary>
    public static List<Event> Newest(ClusterState state, JournalFilter filter, int most)
    {
        if (most == 0)
        {
            return [];
        }

        var newest = new Queue<Event>();
        foreach (var line in state.Events.Values.Where(filter.Takes))
        {
            if (newest.Count == most)
            {
                newest.Dequeue();
            }

            newest.Enqueue(line);
        }

        return [.. newest];
    }
}
