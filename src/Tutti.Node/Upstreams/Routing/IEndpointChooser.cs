using System.Collections.Immutable;
using Tutti.Model.Agents;
using Tutti.Model.Discovery;

namespace Tutti.Node.Upstreams.Routing;

/// <summary>Says which endpoints of a provider a consumer may be led to. Asked once for every change of the list, not for every connection.</summary>
internal interface IEndpointChooser
{
    /// <summary>Those that may be used, in any order.</summary>
    ImmutableArray<Endpoint> Candidates(UpstreamAssignment upstream, ImmutableArray<Endpoint> endpoints);
}

/// <summary>Those of the port, of releases in the range that the consumer accepts. What has no version (an external service) is always accepted.</summary>
internal sealed class VersionChooser : IEndpointChooser
{
    /// <inheritdoc/>
    public ImmutableArray<Endpoint> Candidates(UpstreamAssignment upstream, ImmutableArray<Endpoint> endpoints) =>
        endpoints.RemoveAll(e => e.Port != upstream.Port || (e.Version is { } version && !upstream.Accepts.Accepts(version)));
}

/// <summary>Those of the port, of any version: only for tests that show what the versions are minded for.</summary>
internal sealed class PortChooser : IEndpointChooser
{
    /// <inheritdoc/>
    public ImmutableArray<Endpoint> Candidates(UpstreamAssignment upstream, ImmutableArray<Endpoint> endpoints) =>
        endpoints.RemoveAll(e => e.Port != upstream.Port);
}
