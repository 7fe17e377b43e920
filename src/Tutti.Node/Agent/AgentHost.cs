using System.Collections.Immutable;
using Tutti.Model.Agents;

namespace Tutti.Node.Agent;

/// <summary>How an agent runs.</summary>
public sealed record AgentOptions
{
    /// <summary>Folder of the journal, artifacts, volumes, working folders and logs; made where missing.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The server's URL.</summary>
    public required string Server { get; init; }

    /// <summary>What the server gave to its agents.</summary>
    public required string Token { get; init; }

    /// <summary>A DNS label, unique in the cluster. Default: this machine's host name, made one.</summary>
    public string? Name { get; init; }

    /// <summary>Host or IP at which other nodes reach this node's instances. Default 127.0.0.1.</summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>Labels that constraints and spread read.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>What may be reserved here. Default: all cores and 90% of the memory of the machine or of the agent's cgroup.</summary>
    public NodeCapacity? Capacity { get; init; }

    /// <summary>First and last port given to instances. Default 20000 to 32767, below the range of outgoing connections.</summary>
    public (int First, int Last) Ports { get; init; } = (20000, 32767);
}

/// <summary>An agent in this process.</summary>
public sealed class AgentHost : IAsyncDisposable
{
    /// <summary>Opens the journal, adopts what still runs, and starts talking to the server; an unreachable server is retried for ever.</summary>
    /// <exception cref="AgentStartException">It cannot: folder not writable, wrong token, another cluster's journal.</exception>
    public static Task<AgentHost> StartAsync(AgentOptions options, CancellationToken cancellation = default) => throw new NotImplementedException();

    /// <summary>The node's name.</summary>
    public string Name => throw new NotImplementedException();

    /// <summary>Completes when the agent has ended; faulted when it did so by itself.</summary>
    public Task Completion => throw new NotImplementedException();

    /// <summary>Ends the agent and leaves the instances running, to be adopted by the next one.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();

    /// <summary>Without a server: stops everything that the journal in this folder says may still run. Returns how many were stopped.</summary>
    public static Task<int> StopAllAsync(string dataFolder, CancellationToken cancellation = default) => throw new NotImplementedException();
}

/// <summary>An agent cannot start; the message names the thing and the remedy.</summary>
public sealed class AgentStartException(string message, Exception? inner = null) : Exception(message, inner);
