using Microsoft.Extensions.Logging;
using Tutti.Node.Agent;
using Tutti.Node.Artifacts;
using Tutti.Node.Logs;
using Tutti.Node.Ports;
using Tutti.Node.Probes;
using Tutti.Node.Runtimes;
using Tutti.Node.Upstreams;

namespace Tutti.Node.Instances;

/// <summary>What every instance of a node shares.</summary>
internal sealed record InstanceParts
{
    /// <summary>The node's name.</summary>
    public required string Node { get; init; }

    /// <summary>The agent's data folder.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Starts them.</summary>
    public required IRuntime Runtime { get; init; }

    /// <summary>Probes them.</summary>
    public required IProber Prober { get; init; }

    /// <summary>When they are probed.</summary>
    public required Beats Beats { get; init; }

    /// <summary>What they run.</summary>
    public required IArtifactCache Artifacts { get; init; }

    /// <summary>What they say.</summary>
    public required IInstanceLogs Logs { get; init; }

    /// <summary>Where they listen.</summary>
    public required IPortAllocator Ports { get; init; }

    /// <summary>What they call.</summary>
    public required IUpstreams Upstreams { get; init; }

    /// <summary>What is remembered of them.</summary>
    public required Journal Journal { get; init; }

    /// <summary>Whether pets may run: false once the server may have placed them elsewhere.</summary>
    public required Func<bool> LeaseHeld { get; init; }

    /// <summary>Value of a secret; null where this node has none of that name.</summary>
    public required Func<string, string?> Secret { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Where the agent says what it cannot report.</summary>
    public required ILogger Logger { get; init; }
}
