using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Tutti.Control.Commands;
using Tutti.Control.Nodes;
using Tutti.Control.State;
using Tutti.Model.Agents;
using Tutti.Store;

namespace Tutti.Control.Loop;

/// <summary>The one writer: commands in, durable batches out.</summary>
/// <remarks>
/// Crash-only: when a commit fails, a reconciler throws or another server leads, the state in memory is dropped, callers are told, and
/// the loop starts again from the last committed batch, as soon as it leads again.
/// </remarks>
public sealed partial class ControlLoop : IAsyncDisposable
{
    private readonly IStore _store;
    private readonly ControlOptions _options;
    private readonly TimeProvider _time;
    private readonly string _holder;
    private readonly ILogger _logger;
    private readonly Channel<PendingCommand> _queue;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _seed;
    private int _starts;
    private LoopRun? _run;
    private Task _completion = Task.CompletedTask;

    private ControlLoop(IStore store, ControlOptions options, TimeProvider time, int seed, string holder, ILogger logger)
    {
        _store = store;
        _options = options;
        _time = time;
        _seed = seed;
        _holder = holder;
        _logger = logger;
        _queue = Channel.CreateBounded<PendingCommand>(new BoundedChannelOptions(options.QueueLength) { SingleReader = true });
        View = new ClusterView(options.ChangesKept, options.WatcherQueue);
    }

    /// <summary>What is committed.</summary>
    public ClusterView View { get; }

    /// <summary>This cluster's id, made when its store was; agents keep it.</summary>
    public string ClusterId { get; private set; } = "";

    /// <summary>Completes when the loop has stopped; faulted with the cause where it could not start.</summary>
    public Task Completion => _completion;

    /// <summary>Loads the last committed state, takes leadership and starts the loop.</summary>
    /// <param name="store">Where it is durable; not disposed by the loop.</param>
    /// <param name="options">Bounds and periods.</param>
    /// <param name="time">The clock.</param>
    /// <param name="seed">Seeds ids and jitter; the same seed, commands and clock give the same run.</param>
    /// <param name="holder">Who leads, as shown to people.</param>
    /// <param name="logger">Where restarts of the loop are said.</param>
    /// <param name="cancellation">Gives up starting.</param>
    /// <exception cref="StoreException">The store cannot be read or written.</exception>
    public static async Task<ControlLoop> StartAsync(
        IStore store,
        ControlOptions options,
        TimeProvider time,
        int seed,
        string holder,
        ILogger? logger = null,
        CancellationToken cancellation = default)
    {
        var loop = new ControlLoop(store, options, time, seed, holder, logger ?? NullLogger.Instance);
        loop._completion = Task.Run(loop.RunAsync, CancellationToken.None);
        using var givenUp = cancellation.Register(loop._stop.Cancel);
        await loop._started.Task.ConfigureAwait(false);
        return loop;
    }

    /// <summary>When the node was last heard from and what it measured; not durable.</summary>
    public NodePulse? Pulse(string node) => _run?.Core.Pulses.Of(node);

    /// <summary>Measured use of an instance by <c>architecture/id</c>; not durable. Null: not measured.</summary>
    public NodeCapacity? Usage(string instanceKey) => _run?.Core.Pulses.Usage(instanceKey);

    /// <summary>Hands a command in and waits until its effect is durable.</summary>
    /// <exception cref="LoopUnavailableException">The queue is full, the store failed, or the loop has stopped. Whether the command was carried out is then not known.</exception>
    public async Task<CommandResult> SubmitAsync(Command command, CancellationToken cancellation = default)
    {
        var pending = new PendingCommand(command);
        if (!_queue.Writer.TryWrite(pending))
        {
            throw new LoopUnavailableException(
                _stop.IsCancellationRequested || _completion.IsCompleted ? "the control loop has stopped" : $"{_options.QueueLength} commands are waiting already: try again in a moment");
        }

        return await pending.Done.Task.WaitAsync(cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _stop.CancelAsync().ConfigureAwait(false);
        await _completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var failures = 0;
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                try
                {
                    _run = await LoopRun.LoadAsync(_store, _options, _time, _seed + _starts++, _holder, View, _stop.Token).ConfigureAwait(false);
                    ClusterId = _run.ClusterId;
                    _started.TrySetResult();
                    await _run.RunAsync(_queue.Reader, () => failures = 0, _stop.Token).ConfigureAwait(false);
                }
                catch (Exception failure) when (failure is not OperationCanceledException && _started.Task.IsCompletedSuccessfully)
                {
                    // Start again from what is durable: whatever was in memory and not yet committed was never acknowledged.
                    var wait = TimeSpan.FromSeconds(Math.Min(30, 1 << Math.Min(failures++, 5)));
                    Log.Restarting(_logger, failure, wait);
                    if (_run is not null)
                    {
                        await _run.SettleAsync().ConfigureAwait(false);
                        _run.Abandon(failure);
                    }

                    await Task.Delay(wait, _time, _stop.Token).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Asked to stop.
        }
        catch (Exception failure)
        {
            _started.TrySetException(failure);
            throw;
        }
        finally
        {
            _started.TrySetCanceled();
            if (_run is not null)
            {
                // Whoever disposes of the loop disposes of the store next: nothing of it may still be writing.
                await _run.SettleAsync().ConfigureAwait(false);
            }

            End();
        }
    }

    private void End()
    {
        _queue.Writer.TryComplete();
        var stopped = new LoopUnavailableException("the control loop has stopped");
        _run?.Abandon(stopped);
        while (_queue.Reader.TryRead(out var pending))
        {
            pending.Done.TrySetException(stopped);
        }

        View.Close();
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1001, Level = LogLevel.Error, Message = "The control loop starts again from the last committed batch in {Wait}")]
        public static partial void Restarting(ILogger logger, Exception failure, TimeSpan wait);
    }
}

/// <summary>What was last heard from a node.</summary>
public sealed record NodePulse(DateTimeOffset HeardAt, NodeCapacity? Used);

/// <summary>The loop cannot take a command now.</summary>
public sealed class LoopUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A command and whoever waits for it.</summary>
internal sealed record PendingCommand(Command Command)
{
    public TaskCompletionSource<CommandResult> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
