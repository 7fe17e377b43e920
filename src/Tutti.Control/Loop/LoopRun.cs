using System.Collections.Immutable;
using System.Text;
using System.Threading.Channels;
using Tutti.Control.Commands;
using Tutti.Control.State;
using Tutti.Store;

namespace Tutti.Control.Loop;

/// <summary>One life of the loop: from a loaded state until the store fails, leadership is lost or it is asked to stop.</summary>
internal sealed class LoopRun
{
    // Room for what the reconcilers add to the commands of one batch, well under the store's bound.
    private const int DocumentsPerBatch = 16_384;

    private readonly IStore _store;
    private readonly ControlOptions _options;
    private readonly TimeProvider _time;
    private readonly ClusterView _view;
    private readonly string _holder;
    private readonly List<(PendingCommand Pending, CommandResult Result)> _handled = [];
    private readonly long _epoch;
    private Task _writing = Task.CompletedTask;
    private Task _compacting = Task.CompletedTask;
    private List<(PendingCommand Pending, CommandResult Result)> _beingWritten = [];
    private DateTimeOffset _renewAt;
    private long _revision;
    private long _compacted;

    private LoopRun(IStore store, ControlOptions options, TimeProvider time, string holder, ClusterView view, LoopCore core, string clusterId, Lease lease, long revision)
    {
        _store = store;
        _options = options;
        _time = time;
        _holder = holder;
        _view = view;
        _epoch = lease.Epoch;
        _revision = revision;
        _renewAt = time.GetUtcNow() + RenewalOf(options);
        Core = core;
        ClusterId = clusterId;
    }

    public LoopCore Core { get; }

    public string ClusterId { get; }

    /// <summary>Takes leadership, then loads: nobody else can have written in between.</summary>
    public static async Task<LoopRun> LoadAsync(
        IStore store,
        ControlOptions options,
        TimeProvider time,
        int seed,
        string holder,
        ClusterView view,
        CancellationToken cancellation)
    {
        var lease = await LeadAsync(store, options, time, holder, cancellation).ConfigureAwait(false);
        var documents = new List<(DocumentKey Key, object Document)>();
        string? clusterId = null;
        await foreach (var document in store.LoadAsync(null, cancellation).ConfigureAwait(false))
        {
            if (document.Kind == DocumentKinds.Meta)
            {
                clusterId = Encoding.UTF8.GetString(document.Value.Span).Trim('"');
            }
            else if (DocumentKinds.Read(document.Kind, document.Value.Span) is { } read)
            {
                documents.Add((new DocumentKey(document.Kind, document.Key), read));
            }
        }

        if (clusterId is null)
        {
            clusterId = NewClusterId(new Random(seed), time);
            await store.CommitAsync(new[] { new DocumentWrite(DocumentKinds.Meta, "cluster", Encoding.UTF8.GetBytes($"\"{clusterId}\"")) }, lease.Epoch, cancellation)
                .ConfigureAwait(false);
        }

        var revision = await store.RevisionAsync(cancellation).ConfigureAwait(false);
        var core = new LoopCore(options, seed, clusterId);
        core.Load(documents);
        view.Reset(documents, revision);
        return new LoopRun(store, options, time, holder, view, core, clusterId, lease, revision);
    }

    /// <summary>Turns until cancelled; throws what ended it otherwise.</summary>
    public async Task RunAsync(ChannelReader<PendingCommand> queue, Action wellAgain, CancellationToken cancellation)
    {
        while (true)
        {
            Turn(queue);
            while (!_writing.IsCompleted && _handled.Count < _options.CommandsPerBatch && _handled.Count > 0 && Core.Pending < DocumentsPerBatch)
            {
                // Group commit: what arrives while the last batch is being written joins the next one.
                await Task.WhenAny(_writing, queue.WaitToReadAsync(cancellation).AsTask()).ConfigureAwait(false);
                cancellation.ThrowIfCancellationRequested();
                Turn(queue);
            }

            await _writing.ConfigureAwait(false);
            await RenewAsync(cancellation).ConfigureAwait(false);
            var changes = Core.Take();
            if (changes.Length > 0 || _handled.Count > 0)
            {
                _beingWritten = [.. _handled];
                _handled.Clear();
                _writing = WriteAsync(changes, _beingWritten, wellAgain);
            }

            await WaitAsync(queue, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until nothing of this life can reach the store any more.</summary>
    public Task SettleAsync() => Task.WhenAll(_writing, _compacting).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    /// <summary>Tells everyone who waits that it is not known whether their command was carried out.</summary>
    public void Abandon(Exception cause)
    {
        foreach (var (pending, _) in _handled.Concat(_beingWritten))
        {
            pending.Done.TrySetException(new LoopUnavailableException($"the command may or may not have been carried out: {cause.Message}", cause));
        }

        _handled.Clear();
    }

    private void Turn(ChannelReader<PendingCommand> queue)
    {
        var now = _time.GetUtcNow();
        while (_handled.Count < _options.CommandsPerBatch && Core.Pending < DocumentsPerBatch && queue.TryRead(out var pending))
        {
            if (!pending.Done.Task.IsCompleted)
            {
                var result = default(CommandResult);
                try
                {
                    result = Core.Handle(pending.Command, now);
                }
                finally
                {
                    // Also when it throws: then the caller is told by Abandon.
                    _handled.Add((pending, result ?? new CommandResult()));
                }
            }
        }

        if (Core.Pending < DocumentsPerBatch)
        {
            Core.Reconcile(now);
        }
    }

    private async Task WriteAsync(ImmutableArray<Change> changes, List<(PendingCommand Pending, CommandResult Result)> handled, Action wellAgain)
    {
        if (changes.Length > 0)
        {
            // Off the loop's thread: it prepares the next batch meanwhile.
            await Task.Yield();
            var batch = new DocumentWrite[changes.Length];
            for (var i = 0; i < batch.Length; i++)
            {
                var (key, _, after) = changes[i];
                batch[i] = new DocumentWrite(key.Kind, key.Key, after is null ? (ReadOnlyMemory<byte>?)null : DocumentKinds.Write(after));
            }

            _revision = await _store.CommitAsync(batch, _epoch).ConfigureAwait(false);
            _view.Publish(new CommittedBatch(_revision, changes));
            wellAgain();
        }

        foreach (var (pending, result) in handled)
        {
            pending.Done.TrySetResult(result with { Revision = _revision });
        }
    }

    private async Task WaitAsync(ChannelReader<PendingCommand> queue, CancellationToken cancellation)
    {
        if (Core.HasWork)
        {
            return;
        }

        // Cancelled when any of them ends: the channel would keep a waiter for every alarm until a command comes.
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var readable = queue.WaitToReadAsync(timer.Token);
        if (readable.IsCompleted)
        {
            await readable.ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            return;
        }

        var now = _time.GetUtcNow();
        var wake = Core.NextWake is { } next && next < _renewAt ? next : _renewAt;
        var alarm = wake <= now ? Task.CompletedTask : Task.Delay(wake - now, _time, timer.Token);
        var waiting = new List<Task> { readable.AsTask(), alarm };
        if (!_writing.IsCompleted)
        {
            // Only its failure matters here: success is handled where it happens.
            waiting.Add(_writing);
        }

        await Task.WhenAny(waiting).ConfigureAwait(false);
        await timer.CancelAsync().ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        if (_writing.IsFaulted)
        {
            await _writing.ConfigureAwait(false);
        }
    }

    private async Task RenewAsync(CancellationToken cancellation)
    {
        var now = _time.GetUtcNow();
        if (now < _renewAt)
        {
            return;
        }

        var lease = await _store.AcquireLeaseAsync(_holder, LeaseOf(_options), now, cancellation: cancellation).ConfigureAwait(false);
        if (lease.Holder != _holder || lease.Epoch != _epoch)
        {
            throw new FencedException(_epoch, lease.Epoch);
        }

        _renewAt = now + RenewalOf(_options);
        if (_compacting.IsCompleted && _revision - _options.StoreRevisionsKept > _compacted + 1000)
        {
            // Beside the loop: a long log takes the store seconds, and commands must not wait for them. One at a time; its failure shows here.
            await _compacting.ConfigureAwait(false);
            _compacted = _revision - _options.StoreRevisionsKept;
            _compacting = _store.CompactAsync(_compacted, cancellation).AsTask();
        }
    }

    private static async Task<Lease> LeadAsync(IStore store, ControlOptions options, TimeProvider time, string holder, CancellationToken cancellation)
    {
        while (true)
        {
            var now = time.GetUtcNow();
            var lease = await store.AcquireLeaseAsync(holder, LeaseOf(options), now, options.SoleServer, cancellation).ConfigureAwait(false);
            if (lease.Holder == holder)
            {
                return lease;
            }

            // Looked at again within a lease, however long the other's: its holder may give it up.
            var wait = lease.Until - now + TimeSpan.FromMilliseconds(50);
            await Task.Delay(wait < options.LeaderLease ? wait : options.LeaderLease, time, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>A sole server cannot lose its lease to anyone: a slow disk must not make it think so.</summary>
    private static TimeSpan LeaseOf(ControlOptions options) => options.SoleServer ? TimeSpan.FromDays(3650) : options.LeaderLease;

    private static TimeSpan RenewalOf(ControlOptions options) => options.SoleServer ? TimeSpan.FromMinutes(1) : options.LeaderLease / 3;

    private static string NewClusterId(Random random, TimeProvider time) =>
        $"{time.GetUtcNow().ToUnixTimeSeconds():x}-{random.NextInt64(1L << 40):x10}";
}
