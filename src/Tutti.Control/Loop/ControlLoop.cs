using Tutti.Control.Commands;
using Tutti.Control.State;
using Tutti.Store;

namespace Tutti.Control.Loop;

/// <summary>The one writer: commands in, durable batches out.</summary>
public sealed class ControlLoop : IAsyncDisposable
{
    /// <summary>Loads the last committed state, takes leadership and starts the loop's thread.</summary>
    /// <param name="store">Where it is durable; not disposed by the loop.</param>
    /// <param name="options">Bounds and periods.</param>
    /// <param name="time">The clock.</param>
    /// <param name="seed">Seeds ids and jitter; the same seed, commands and clock give the same run.</param>
    /// <param name="holder">Who leads, as shown to people.</param>
    /// <param name="cancellation">Gives up starting.</param>
    /// <exception cref="StoreException">The store cannot be read or written.</exception>
    public static Task<ControlLoop> StartAsync(IStore store, ControlOptions options, TimeProvider time, int seed, string holder, CancellationToken cancellation = default) =>
        throw new NotImplementedException();

    /// <summary>What is committed.</summary>
    public ClusterView View => throw new NotImplementedException();

    /// <summary>This cluster's id, made when its store was; agents keep it.</summary>
    public string ClusterId => throw new NotImplementedException();

    /// <summary>Completes when the loop has stopped; faulted with the cause when it did so by itself (fenced, store failed).</summary>
    public Task Completion => throw new NotImplementedException();

    /// <summary>When the node was last heard from and what it measured; not durable.</summary>
    public NodePulse? Pulse(string node) => throw new NotImplementedException();

    /// <summary>Measured use of an instance by <c>architecture/id</c>; not durable. Null: not measured.</summary>
    public Tutti.Model.Agents.NodeCapacity? Usage(string instanceKey) => throw new NotImplementedException();

    /// <summary>Hands a command in and waits until its effect is durable.</summary>
    /// <exception cref="LoopUnavailableException">The queue is full, or the loop has stopped.</exception>
    public Task<CommandResult> SubmitAsync(Command command, CancellationToken cancellation = default) => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}

/// <summary>What was last heard from a node.</summary>
public sealed record NodePulse(DateTimeOffset HeardAt, Tutti.Model.Agents.NodeCapacity? Used);

/// <summary>The loop cannot take a command now.</summary>
public sealed class LoopUnavailableException(string message) : Exception(message);
