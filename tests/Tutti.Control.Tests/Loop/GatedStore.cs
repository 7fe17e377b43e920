using Tutti.Store;
using Tutti.Store.Memory;

namespace Tutti.Control.Tests.Loop;

/// <summary>A store whose commits wait while its gate is closed.</summary>
internal sealed class GatedStore : IStore
{
    private TaskCompletionSource _gate = Opened();
    private TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _commits;

    public MemoryStore Inner { get; } = new();

    public StoreLimits Limits => Inner.Limits;

    /// <summary>Batches handed in so far.</summary>
    public int Commits => Volatile.Read(ref _commits);

    public void Close()
    {
        _arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public void Open() => _gate.TrySetResult();

    /// <summary>A commit waits at the closed gate.</summary>
    public Task ArrivedAsync() => _arrived.Task.WaitAsync(TimeSpan.FromSeconds(60));

    public async ValueTask<long> CommitAsync(ReadOnlyMemory<DocumentWrite> batch, long epoch, CancellationToken cancellation = default)
    {
        Interlocked.Increment(ref _commits);
        if (!_gate.Task.IsCompleted)
        {
            _arrived.TrySetResult();
        }

        await _gate.Task;
        return await Inner.CommitAsync(batch, epoch, cancellation);
    }

    public ValueTask<long> RevisionAsync(CancellationToken cancellation = default) => Inner.RevisionAsync(cancellation);

    public ValueTask<Lease> AcquireLeaseAsync(string holder, TimeSpan duration, DateTimeOffset now, bool takeOver = false, CancellationToken cancellation = default) =>
        Inner.AcquireLeaseAsync(holder, duration, now, takeOver, cancellation);

    public IAsyncEnumerable<Document> LoadAsync(string? kind = null, CancellationToken cancellation = default) => Inner.LoadAsync(kind, cancellation);

    public ValueTask<Document?> GetAsync(string kind, string key, CancellationToken cancellation = default) => Inner.GetAsync(kind, key, cancellation);

    public IAsyncEnumerable<DocumentChange> ChangesAsync(long afterRevision, CancellationToken cancellation = default) => Inner.ChangesAsync(afterRevision, cancellation);

    public ValueTask CompactAsync(long throughRevision, CancellationToken cancellation = default) => Inner.CompactAsync(throughRevision, cancellation);

    public ValueTask DisposeAsync() => Inner.DisposeAsync();

    private static TaskCompletionSource Opened()
    {
        var gate = new TaskCompletionSource();
        gate.SetResult();
        return gate;
    }
}
