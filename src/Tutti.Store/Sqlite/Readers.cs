using System.Collections.Concurrent;

namespace Tutti.Store.Sqlite;

/// <summary>The connections that read: as many as are in use at once, a few kept for the next caller.</summary>
internal sealed class Readers(string path) : IDisposable
{
    /// <summary>Most loads at once; each keeps its snapshot, and with it a connection, for as long as its caller takes.</summary>
    public const int MostLoads = 16;

    private const int MostShortReads = 4;
    private const int KeptIdle = 4;
    private const int CacheBytes = 4 << 20;

    private readonly ConcurrentBag<Reader> _idle = [];
    private readonly SemaphoreSlim _loads = new(MostLoads);

    // Apart from the loads: whoever reads one document while loading must not wait for a load to end.
    private readonly SemaphoreSlim _shortReads = new(MostShortReads);
    private volatile bool _closed;

    /// <summary>Opens one connection ahead, so that a file that cannot be read is found at once.</summary>
    public void OpenOne() => _idle.Add(new Reader(Database.Open(path, CacheBytes)));

    /// <summary>Runs a reading that ends before it returns, off the caller's thread.</summary>
    public async Task<T> ReadAsync<T>(Func<Reader, T> work, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_closed, typeof(SqliteStore));
        await _shortReads.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await Task.Run(
                () =>
                {
                    var reader = Take();
                    try
                    {
                        return work(reader);
                    }
                    finally
                    {
                        Return(reader);
                    }
                },
                cancellation).ConfigureAwait(false);
        }
        finally
        {
            _shortReads.Release();
        }
    }

    /// <summary>Takes a connection for a load; <see cref="EndLoad"/> gives it back.</summary>
    public async Task<Reader> BeginLoadAsync(CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_closed, typeof(SqliteStore));
        await _loads.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return Take();
        }
        catch
        {
            _loads.Release();
            throw;
        }
    }

    public void EndLoad(Reader reader)
    {
        Return(reader);
        _loads.Release();
    }

    public void Dispose()
    {
        _closed = true;
        while (_idle.TryTake(out var reader))
            reader.Dispose();
    }

    private Reader Take() => _idle.TryTake(out var reader) ? reader : new Reader(Database.Open(path, CacheBytes));

    private void Return(Reader reader)
    {
        if (_closed || _idle.Count >= KeptIdle)
            reader.Dispose();
        else
            _idle.Add(reader);
    }
}
