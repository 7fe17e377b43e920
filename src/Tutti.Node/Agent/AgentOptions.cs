using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
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

    /// <summary>Only for tests: upstreams lead to every version, accepted or not, so that a test can see what would go wrong. Default: false.</summary>
    public bool RouteAnyVersion { get; init; }

    /// <summary>Where the agent says what it cannot report. Default: nowhere.</summary>
    public ILoggerFactory Logging { get; init; } = NullLoggerFactory.Instance;
}
