using System.Runtime.CompilerServices;

namespace Tutti.Store.Sqlite;

/// <summary>The store in one SQLite file: write-ahead log, <c>synchronous=FULL</c>.</summary>
/// <remarks>
/// A commit runs on the store's own thread: it returns its <see cref="ValueTask"/> at once, which completes when the batch is on the disk.
/// Readings run on the thread pool, on connections of their own, and never wait for a commit.
/// Several processes may open one file on one machine; the fencing epoch decides which of them may write.
/// </remarks>
public sealed class SqliteStore : IStore
{
    private const int PageBytes = 4_096;
    private const int WriterCacheBytes = 64 << 20;
    private const int CheckpointCacheBytes = 1 << 20;

    private readonly Readers _readers;
    private readonly WriterThread _thread;
    private readonly Checkpoints _checkpoints;
    private readonly SemaphoreSlim _compacting = new(1);
    private int _disposed;

    private SqliteStore(string path, StoreLimits limits, Readers readers, Database writing, Database checkpointing)
    {
        Path = path;
        Limits = limits;
        _readers = readers;
        var writer = new Writer(writing);
        _checkpoints = new Checkpoints(checkpointing, FinishCheckpointAsync);
        _thread = new WriterThread(writer, () => _checkpoints.Written(writer.TakePagesWritten()));
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public StoreLimits Limits { get; }

    /// <summary>Opens a store; creates the file, readable by this user only, and its folder where there is none.</summary>
    /// <param name="path">The file. SQLite keeps <c>-wal</c> and <c>-shm</c> beside it while it is open.</param>
    /// <param name="limits">Bounds; the defaults when null. <see cref="StoreLimits.StoreBytes"/> bounds the file itself; a file that is larger already is not made smaller, it only cannot grow.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="StoreException">The path is a folder, or read-only, or not a Tutti store, or damaged, or of a newer program.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A bound makes no sense.</exception>
    public static Task<SqliteStore> OpenAsync(string path, StoreLimits? limits = null, CancellationToken ct = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        limits ??= new StoreLimits();
        BatchBounds.CheckLimits(limits);
        return Task.Run(() => Open(System.IO.Path.GetFullPath(path), limits), ct);
    }

    /// <inheritdoc/>
    public async ValueTask<long> RevisionAsync(CancellationToken cancellation = default) =>
        await _readers.ReadAsync(static reader => reader.Revisions().Last, cancellation).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<Lease> AcquireLeaseAsync(string holder, TimeSpan duration, DateTimeOffset now, bool takeOver = false, CancellationToken cancellation = default) =>
        await _thread.RunAsync(writer => writer.AcquireLease(holder, duration, now, takeOver), cancellation).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<long> CommitAsync(ReadOnlyMemory<DocumentWrite> batch, long epoch, CancellationToken cancellation = default)
    {
        BatchBounds.Check(Limits, batch.Span);
        return await _thread.RunAsync(writer => writer.Commit(batch.Span, epoch), cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <remarks>Whoever loads slowly keeps the write-ahead log from starting again, so that it grows meanwhile.</remarks>
    public async IAsyncEnumerable<Document> LoadAsync(string? kind = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var reader = await _readers.BeginLoadAsync(cancellation).ConfigureAwait(false);
        var load = reader.BeginLoad(kind);
        try
        {
            var documents = new List<Document>();
            var portion = new Portion();
            for (var more = true; more;)
            {
                documents.Clear();
                more = await Task.Run(() => reader.LoadSome(load, documents, portion), cancellation).ConfigureAwait(false);
                foreach (var document in documents)
                    yield return document;
            }
        }
        finally
        {
            Reader.EndLoad(load);
            _readers.EndLoad(reader);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<Document?> GetAsync(string kind, string key, CancellationToken cancellation = default) =>
        await _readers.ReadAsync(reader => reader.Get(kind, key), cancellation).ConfigureAwait(false);

    /// <inheritdoc/>
    /// <remarks>Read in portions, without holding a snapshot: a compaction that overtakes a slow caller ends it with <see cref="CompactedException"/>.</remarks>
    public async IAsyncEnumerable<DocumentChange> ChangesAsync(long afterRevision, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        afterRevision = Math.Max(0, afterRevision);
        var last = await RevisionAsync(cancellation).ConfigureAwait(false);
        if (afterRevision >= last)
            yield break;
        var afterId = ((afterRevision + 1) << Schema.OrdinalBits) - 1;
        var beforeId = (last + 1) << Schema.OrdinalBits;
        var changes = new List<DocumentChange>();
        var portion = new Portion();
        for (var more = true; more;)
        {
            changes.Clear();
            (more, var compacted) = await _readers.ReadAsync(
                reader => (reader.ChangesSome(ref afterId, beforeId, changes, portion), reader.Revisions().Compacted),
                cancellation).ConfigureAwait(false);

            // Looked at after the changes were read: if nothing after them was forgotten by then, none of them was missing.
            if (compacted > afterRevision)
                throw new CompactedException(afterRevision, compacted);
            foreach (var change in changes)
                yield return change;
            if (changes.Count > 0)
                afterRevision = changes[^1].Revision - 1;
        }
    }

    /// <inheritdoc/>
    public async ValueTask CompactAsync(long throughRevision, CancellationToken cancellation = default)
    {
        await _compacting.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            // One request for each step, so that commits come in between. A compaction that was cut short is finished by the next one.
            var through = await _thread.RunAsync(writer => writer.MarkCompacted(throughRevision), cancellation).ConfigureAwait(false);
            while (await _thread.RunAsync(writer => writer.ForgetSome(through), cancellation).ConfigureAwait(false))
            {
            }
        }
        finally
        {
            _compacting.Release();
        }
    }

    /// <summary>Lets commits that wait finish, then closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        var checkpointsEnded = _checkpoints.EndAsync();
        await _thread.EndAsync().ConfigureAwait(false);
        await checkpointsEnded.ConfigureAwait(false);
        _readers.Dispose();
    }

    private static SqliteStore Open(string path, StoreLimits limits)
    {
        CreateFile(path);
        var opened = new List<IDisposable>();
        try
        {
            var writing = Database.Open(path, WriterCacheBytes);
            opened.Add(writing);
            Configure(writing, limits);
            var checkpointing = Database.Open(path, CheckpointCacheBytes);
            opened.Add(checkpointing);
            checkpointing.Execute("PRAGMA synchronous = FULL", "opening the store");
            var readers = new Readers(path);
            opened.Add(readers);
            readers.OpenOne();
            return new SqliteStore(path, limits, readers, writing, checkpointing);
        }
        catch
        {
            foreach (var one in opened)
                one.Dispose();
            throw;
        }
    }

    private static void CreateFile(string path)
    {
        // Only where there is none: closing any other handle of the file would drop the locks that SQLite holds on it in this process.
        if (File.Exists(path))
            return;
        try
        {
#pragma warning disable CA1416 // Tutti is for Linux.
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }).Dispose();
#pragma warning restore CA1416
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another program created it a moment ago.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failures.Of("opening the store", path, e);
        }
    }

    private static void Configure(Database database, StoreLimits limits)
    {
        const string Operation = "opening the store";
        database.Execute($"PRAGMA page_size = {PageBytes}", Operation);
        Schema.Prepare(database);
        database.Execute("PRAGMA journal_mode = WAL", Operation);
        database.Execute("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0", Operation);
        var pageBytes = database.Scalar("PRAGMA page_size", Operation);
        database.Execute($"PRAGMA max_page_count = {Math.Clamp(limits.StoreBytes / pageBytes, 1, uint.MaxValue - 1)}", Operation);
    }

    private async Task<int?> FinishCheckpointAsync() =>
        await _thread.RunAsync(
            writer =>
            {
                var left = writer.CheckpointPassively();
                _checkpoints.Finished(left);
                return left;
            },
            CancellationToken.None).ConfigureAwait(false);
}
