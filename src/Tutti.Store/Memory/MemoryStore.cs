using System.Runtime.CompilerServices;

namespace Tutti.Store.Memory;

/// <summary>The store in memory: the oracle that the others are compared with, and the medium of the simulation.</summary>
/// <remarks>
/// Every member completes before it returns, so a deterministic simulation can use it. The object is the medium: disposing of it
/// forgets nothing, a server that is started again simply uses it again.
/// </remarks>
public sealed class MemoryStore : IStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Kind, string Key), Document> _documents = [];
    private readonly List<DocumentChange> _changes = [];
    private long _revision;
    private long _compacted;
    private long _bytes;
    private Lease? _lease;

    /// <summary>An empty store.</summary>
    /// <param name="limits">Bounds; the defaults when null. <see cref="StoreLimits.StoreBytes"/> counts keys and values of documents and changes.</param>
    public MemoryStore(StoreLimits? limits = null)
    {
        Limits = limits ?? new StoreLimits();
        BatchBounds.CheckLimits(Limits);
    }

    /// <inheritdoc/>
    public StoreLimits Limits { get; }

    /// <summary>Asked once for every commit that would otherwise succeed; null for a medium that never fails.</summary>
    public Func<CommitFault>? CommitFaults { get; set; }

    /// <inheritdoc/>
    public ValueTask<long> RevisionAsync(CancellationToken cancellation = default)
    {
        lock (_lock)
            return cancellation.IsCancellationRequested ? ValueTask.FromCanceled<long>(cancellation) : ValueTask.FromResult(_revision);
    }

    /// <inheritdoc/>
    public ValueTask<Lease> AcquireLeaseAsync(string holder, TimeSpan duration, DateTimeOffset now, CancellationToken cancellation = default) =>
        Completed(() => _lease = LeaseRules.Next(_lease, holder, duration, now), cancellation);

    /// <inheritdoc/>
    public ValueTask<long> CommitAsync(ReadOnlyMemory<DocumentWrite> batch, long epoch, CancellationToken cancellation = default) =>
        Completed(() => Commit(batch.Span, epoch), cancellation);

    /// <inheritdoc/>
#pragma warning disable CS1998 // An iterator that never waits: the simulation relies on it.
    public async IAsyncEnumerable<Document> LoadAsync(string? kind = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        List<Document> documents;
        lock (_lock)
            documents = [.. _documents.Values.Where(d => kind is null || d.Kind == kind)];
        documents.Sort(static (a, b) => Utf8Order.Compare(a.Kind, b.Kind) is var byKind and not 0 ? byKind : Utf8Order.Compare(a.Key, b.Key));
        foreach (var document in documents)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return document;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<DocumentChange> ChangesAsync(long afterRevision, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        afterRevision = Math.Max(0, afterRevision);
        List<DocumentChange> changes;
        lock (_lock)
        {
            if (afterRevision < _compacted)
                throw new CompactedException(afterRevision, _compacted);
            changes = _changes[FirstAfter(afterRevision)..];
        }

        foreach (var change in changes)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return change;
        }
    }
#pragma warning restore CS1998

    /// <inheritdoc/>
    public ValueTask<Document?> GetAsync(string kind, string key, CancellationToken cancellation = default) =>
        Completed(() => _documents.GetValueOrDefault((kind, key)), cancellation);

    /// <inheritdoc/>
    public ValueTask CompactAsync(long throughRevision, CancellationToken cancellation = default)
    {
        var compacted = Completed(() => Compact(throughRevision), cancellation);
        return compacted.IsCompletedSuccessfully ? ValueTask.CompletedTask : new ValueTask(compacted.AsTask());
    }

    /// <summary>Does nothing: the object is the medium.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private ValueTask<T> Completed<T>(Func<T> work, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled<T>(cancellation);
        try
        {
            lock (_lock)
                return ValueTask.FromResult(work());
        }
        catch (Exception e)
        {
            return ValueTask.FromException<T>(e);
        }
    }

    private long Commit(ReadOnlySpan<DocumentWrite> batch, long epoch)
    {
        BatchBounds.Check(Limits, batch);
        var current = _lease?.Epoch ?? 0;
        if (epoch != current)
            throw new FencedException(epoch, current);

        var fault = CommitFaults?.Invoke() ?? CommitFault.None;
        if (fault is CommitFault.BeforeWrite)
            throw new StoreException($"commit of revision {_revision + 1} failed before it was written (simulated)");
        CheckRoom(batch);
        Write(batch);
        if (fault is CommitFault.AfterWrite)
            throw new StoreException($"commit of revision {_revision} failed after it was written (simulated)");
        return _revision;
    }

    private void CheckRoom(ReadOnlySpan<DocumentWrite> batch)
    {
        var more = 0L;
        foreach (ref readonly var write in batch)
            more += 2 * Size(write.Kind, write.Key, write.Value);
        if (_bytes + more > Limits.StoreBytes)
            throw new StoreException($"commit failed: the store in memory is full, its bound is {Limits.StoreBytes} bytes (StoreBytes): compact it or raise the bound");
    }

    private void Write(ReadOnlySpan<DocumentWrite> batch)
    {
        _revision++;
        foreach (ref readonly var write in batch)
        {
            // The caller may use its buffers again as soon as the commit is done.
            var value = write.Value is { } bytes ? bytes.ToArray() : (ReadOnlyMemory<byte>?)null;
            if (_documents.Remove((write.Kind, write.Key), out var old))
                _bytes -= Size(old.Kind, old.Key, old.Value);
            if (value is { } present)
            {
                _documents.Add((write.Kind, write.Key), new Document(write.Kind, write.Key, _revision, present));
                _bytes += Size(write.Kind, write.Key, present);
            }

            _changes.Add(new DocumentChange(_revision, write.Kind, write.Key, value));
            _bytes += Size(write.Kind, write.Key, value);
        }
    }

    private long Compact(long throughRevision)
    {
        throughRevision = Math.Min(throughRevision, _revision);
        if (throughRevision <= _compacted)
            return _compacted;

        var kept = FirstAfter(throughRevision);
        for (var i = 0; i < kept; i++)
            _bytes -= Size(_changes[i].Kind, _changes[i].Key, _changes[i].Value);
        _changes.RemoveRange(0, kept);
        return _compacted = throughRevision;
    }

    private int FirstAfter(long revision)
    {
        int low = 0, high = _changes.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_changes[middle].Revision <= revision)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private static long Size(string kind, string key, ReadOnlyMemory<byte>? value) =>
        BatchBounds.Utf8.GetByteCount(kind) + BatchBounds.Utf8.GetByteCount(key) + (value?.Length ?? 0);
}
