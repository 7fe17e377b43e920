using Tutti.Control.State;
using Tutti.Server.Streams;

namespace Tutti.Server.Events;

/// <summary>Which lines of the journal somebody wants; null: any.</summary>
internal sealed record JournalFilter(string? Architecture, string? Service)
{
    public bool Takes(Event line) =>
        (Architecture is null || line.Architecture == Architecture) && (Service is null || line.Service == Service);
}

/// <summary>Tells watchers of new lines of the journal; each line is written once, whoever watches.</summary>
internal sealed class JournalHub(ClusterView view) : IChangeHub
{
    private readonly Lock _gate = new();
    private readonly Dictionary<EventStream, JournalWatch> _watches = [];
    private long _last;

    /// <summary>Adds a watcher.</summary>
    /// <param name="filter">What it wants.</param>
    /// <param name="after">The last sequence it has; null: it begins with the newest <paramref name="newest"/> lines.</param>
    /// <param name="newest">How many lines to begin with where <paramref name="after"/> is null.</param>
    /// <param name="stream">Where lines go.</param>
    /// <returns>What it does not have yet, oldest first.</returns>
    public IEnumerable<ReadOnlyMemory<byte>> Add(JournalFilter filter, long? after, int newest, EventStream stream)
    {
        lock (_gate)
        {
            var (lines, last) = view.Read((state, _) => (
                after is { } sequence ? Journal.After(state, filter, sequence, int.MaxValue) : Journal.Newest(state, filter, newest),
                Journal.LastSequence(state)));
            _watches[stream] = new JournalWatch(filter, last);
            return lines.Select(Frame);
        }
    }

    public void Remove(EventStream stream)
    {
        lock (_gate)
        {
            _watches.Remove(stream);
        }
    }

    public void Apply(IReadOnlyList<CommittedBatch> batches)
    {
        lock (_gate)
        {
            foreach (var change in batches.SelectMany(batch => batch.Changes))
            {
                if (change is { Before: null, After: Event line } && line.Sequence > _last)
                {
                    Send(line);
                }
            }
        }
    }

    public void Resync()
    {
        lock (_gate)
        {
            var any = new JournalFilter(null, null);
            var missed = view.Read((state, _) => _last == 0 && _watches.Count == 0 ? [] : Journal.After(state, any, _last, int.MaxValue));
            foreach (var line in missed)
            {
                Send(line);
            }

            _last = Math.Max(_last, view.Read((state, _) => Journal.LastSequence(state)));
        }
    }

    private static ReadOnlyMemory<byte> Frame(Event line) => EventFrame.Of("event", line.Sequence, line);

    private void Send(Event line)
    {
        _last = line.Sequence;
        ReadOnlyMemory<byte>? frame = null;
        foreach (var (stream, watch) in _watches)
        {
            if (line.Sequence > watch.From && watch.Filter.Takes(line))
            {
                stream.TrySend(frame ??= Frame(line));
            }
        }
    }

    /// <param name="Filter">What is wanted.</param>
    /// <param name="From">Lines up to this sequence were given when the watch began.</param>
    private sealed record JournalWatch(JournalFilter Filter, long From);
}
