namespace Tutti.Store;

/// <summary>A durable, revisioned, fenced set of documents with an ordered change log.</summary>
/// <remarks>
/// Documents are <c>(kind, key) → revision, UTF-8 JSON</c>. One writer, any number of readers; all members may be called from any thread,
/// but <see cref="CommitAsync"/> calls do not overlap. Failures of the medium are <see cref="StoreException"/>: the caller
/// must then assume that it does not know whether the batch was written, and load again.
/// </remarks>
public interface IStore : IAsyncDisposable
{
    /// <summary>Bounds that the store enforces.</summary>
    StoreLimits Limits { get; }

    /// <summary>Revision of the last committed batch; 0 for an empty store.</summary>
    ValueTask<long> RevisionAsync(CancellationToken cancellation = default);

    /// <summary>Takes or renews the leadership lease. A holder that takes it from another, or after it ran out, gets a higher epoch.</summary>
    /// <param name="holder">Who asks, as shown to people: host, pid.</param>
    /// <param name="duration">How long the lease lasts from <paramref name="now"/>.</param>
    /// <param name="now">The caller's clock.</param>
    /// <param name="takeOver">True: take it even while another's lease runs, for a caller that knows by other means (a lock on the
    /// data folder) that the other is gone; raises the epoch.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>The lease now in force: the caller's own when <see cref="Lease.Holder"/> is the caller.</returns>
    ValueTask<Lease> AcquireLeaseAsync(string holder, TimeSpan duration, DateTimeOffset now, bool takeOver = false, CancellationToken cancellation = default);

    /// <summary>Writes the whole batch or nothing, durably, and returns its revision, which is the one before plus one.</summary>
    /// <exception cref="FencedException">The epoch is not the current one; checked inside the same transaction.</exception>
    /// <exception cref="BatchTooLargeException">The batch is over a bound; nothing was written.</exception>
    /// <exception cref="StoreException">The medium failed: full, read-only, unreachable, corrupt.</exception>
    ValueTask<long> CommitAsync(ReadOnlyMemory<DocumentWrite> batch, long epoch, CancellationToken cancellation = default);

    /// <summary>Every document, in order of kind, then key (ordinal), as of one revision.</summary>
    /// <param name="kind">Only this kind; null for all.</param>
    /// <param name="cancellation">Stops the reading.</param>
    IAsyncEnumerable<Document> LoadAsync(string? kind = null, CancellationToken cancellation = default);

    /// <summary>One document, or null.</summary>
    ValueTask<Document?> GetAsync(string kind, string key, CancellationToken cancellation = default);

    /// <summary>Every change after a revision, in order, whole batches; ends at the last one committed when it was called.</summary>
    /// <exception cref="CompactedException">Changes right after <paramref name="afterRevision"/> are no longer kept: load instead.</exception>
    IAsyncEnumerable<DocumentChange> ChangesAsync(long afterRevision, CancellationToken cancellation = default);

    /// <summary>Forgets the changes up to and including a revision; documents stay. Compacting again, or less, does nothing.</summary>
    ValueTask CompactAsync(long throughRevision, CancellationToken cancellation = default);
}

/// <summary>Bounds of a store; a batch over one of them is refused whole.</summary>
public sealed record StoreLimits
{
    /// <summary>Longest value in bytes. Default 8 MiB.</summary>
    public int ValueBytes { get; init; } = 8 << 20;

    /// <summary>Most writes in a batch. Default 65,536.</summary>
    public int BatchWrites { get; init; } = 65_536;

    /// <summary>Most bytes in a batch, keys and values together. Default 64 MiB.</summary>
    public int BatchBytes { get; init; } = 64 << 20;

    /// <summary>Most bytes of the whole store on its medium. Default 64 GiB.</summary>
    public long StoreBytes { get; init; } = 64L << 30;
}

/// <summary>One write of a batch: a new value, or null to delete. Deleting what is not there is allowed and is logged as a change all the same.</summary>
/// <remarks>Beware: <c>gone ? null : bytes</c> with a <c>byte[]</c> is an empty value, not null; write <c>gone ? (ReadOnlyMemory&lt;byte&gt;?)null : bytes</c>.</remarks>
public readonly record struct DocumentWrite(string Kind, string Key, ReadOnlyMemory<byte>? Value);

/// <summary>A document as stored.</summary>
public sealed record Document(string Kind, string Key, long Revision, ReadOnlyMemory<byte> Value);

/// <summary>One line of the change log; a null value is a deletion.</summary>
public sealed record DocumentChange(long Revision, string Kind, string Key, ReadOnlyMemory<byte>? Value);

/// <summary>Who leads, until when, and with which fencing epoch.</summary>
public sealed record Lease(string Holder, long Epoch, DateTimeOffset Until);
