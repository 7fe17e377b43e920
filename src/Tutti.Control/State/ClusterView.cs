using System.Threading.Channels;

namespace Tutti.Control.State;

/// <summary>What is committed, for any number of readers, and the stream of committed changes.</summary>
public sealed class ClusterView
{
    private readonly ReaderWriterLockSlim _gate = new();
    private ClusterState _state = new();
    private readonly Queue<CommittedBatch> _recent = new();
    private readonly List<ChannelWriter<CommittedBatch>> _watchers = [];
    private readonly int _kept;
    private readonly int _watcherQueue;
    private long _revision;

    internal ClusterView(int changesKept, int watcherQueue)
    {
        _kept = changesKept;
        _watcherQueue = watcherQueue;
    }

    /// <summary>Revision of the last batch applied.</summary>
    public long Revision => Interlocked.Read(ref _revision);

    /// <summary>Reads one consistent state with its revision; keep the reader short and do not hold on to the state.</summary>
    public T Read<T>(Func<ClusterState, long, T> reader)
    {
        _gate.EnterReadLock();
        try
        {
            return reader(_state, _revision);
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

    /// <summary>Reads a state and subscribes to what follows it, without a gap and without an overlap.</summary>
    /// <returns>The reader's result and the batches after it. The channel completes with <see cref="WatcherTooSlowException"/>
    /// when the watcher falls too far behind; it must then read afresh.</returns>
    public (T Result, Subscription Subscription) ReadAndSubscribe<T>(Func<ClusterState, long, T> reader)
    {
        var channel = NewChannel();
        _gate.EnterWriteLock();
        try
        {
            var result = reader(_state, _revision);
            _watchers.Add(channel.Writer);
            return (result, new Subscription(channel.Reader, () => Unsubscribe(channel.Writer)));
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }

    /// <summary>Resumes after a revision; null when the changes right after it are no longer kept, or it lies in the future.</summary>
    public Subscription? Resume(long afterRevision)
    {
        var channel = NewChannel();
        _gate.EnterWriteLock();
        try
        {
            var oldest = _recent.TryPeek(out var first) ? first.Revision : _revision + 1;
            var missed = _recent.Where(batch => batch.Revision > afterRevision).ToList();
            if (afterRevision > _revision || afterRevision + 1 < oldest || missed.Count > _watcherQueue)
            {
                return null;
            }

            foreach (var batch in missed)
            {
                channel.Writer.TryWrite(batch);
            }

            _watchers.Add(channel.Writer);
            return new Subscription(channel.Reader, () => Unsubscribe(channel.Writer));
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }

    /// <summary>Starts from a loaded state; whoever watches must read afresh.</summary>
    internal void Reset(IEnumerable<(DocumentKey Key, object Document)> documents, long revision)
    {
        _gate.EnterWriteLock();
        try
        {
            _state = new ClusterState();
            _recent.Clear();
            EndWatches();
            foreach (var (key, document) in documents)
            {
                _state.Put(key, document);
            }

            _revision = revision;
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }

    /// <summary>Applies one committed batch and passes it on.</summary>
    internal void Publish(CommittedBatch batch)
    {
        _gate.EnterWriteLock();
        try
        {
            foreach (var change in batch.Changes)
            {
                _state.Put(change.Key, change.After);
            }

            _revision = batch.Revision;
            _recent.Enqueue(batch);
            while (_recent.Count > _kept)
            {
                _recent.Dequeue();
            }

            for (var i = _watchers.Count - 1; i >= 0; i--)
            {
                if (!_watchers[i].TryWrite(batch))
                {
                    _watchers[i].TryComplete(new WatcherTooSlowException());
                    _watchers.RemoveAt(i);
                }
            }
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }

    /// <summary>Ends every watch: the state is dropped, leadership lost or the server stops.</summary>
    internal void Close()
    {
        _gate.EnterWriteLock();
        try
        {
            EndWatches();
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }

    private void EndWatches()
    {
        foreach (var watcher in _watchers)
        {
            watcher.TryComplete();
        }

        _watchers.Clear();
    }

    private Channel<CommittedBatch> NewChannel() =>
        Channel.CreateBounded<CommittedBatch>(new BoundedChannelOptions(_watcherQueue) { FullMode = BoundedChannelFullMode.Wait, SingleWriter = true });

    private void Unsubscribe(ChannelWriter<CommittedBatch> writer)
    {
        _gate.EnterWriteLock();
        try
        {
            _watchers.Remove(writer);
            writer.TryComplete();
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }
}

/// <summary>A stream of committed batches; dispose to end it.</summary>
public sealed class Subscription(ChannelReader<CommittedBatch> batches, Action unsubscribe) : IDisposable
{
    /// <summary>The batches, in order.</summary>
    public ChannelReader<CommittedBatch> Batches { get; } = batches;

    /// <inheritdoc/>
    public void Dispose() => unsubscribe();
}

/// <summary>A watcher did not keep up; it must read afresh.</summary>
public sealed class WatcherTooSlowException() : Exception("the watcher fell too far behind the committed changes; read afresh and watch again");
