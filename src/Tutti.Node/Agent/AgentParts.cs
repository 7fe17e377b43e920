using Tutti.Node.Artifacts;
using Tutti.Node.Logs;
using Tutti.Node.Ports;
using Tutti.Node.Probes;
using Tutti.Node.Protocol;
using Tutti.Node.Runtimes;
using Tutti.Node.Upstreams;

namespace Tutti.Node.Agent;

/// <summary>What an agent works with.</summary>
internal sealed record AgentParts
{
    /// <summary>Starts instances.</summary>
    public required IRuntime Runtime { get; init; }

    /// <summary>Probes them.</summary>
    public required IProber Prober { get; init; }

    /// <summary>What they run.</summary>
    public required IArtifactCache Artifacts { get; init; }

    /// <summary>What they say.</summary>
    public required IInstanceLogs Logs { get; init; }

    /// <summary>Where they listen.</summary>
    public required IPortAllocator Ports { get; init; }

    /// <summary>What they call.</summary>
    public required IUpstreams Upstreams { get; init; }

    /// <summary>The parts of a real agent.</summary>
    public static AgentParts Create(AgentOptions options, AgentFolder folder, IServerClient client, TimeProvider time) => throw new NotImplementedException();

    /// <summary>The runtime alone, for stopping what a killed agent left.</summary>
    public static IRuntime CreateRuntime(TimeProvider time) => throw new NotImplementedException();
}
