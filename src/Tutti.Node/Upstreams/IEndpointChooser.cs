using System.Collections.Immutable;
using Tutti.Model.Agents;
using Tutti.Model.Discovery;

namespace Tutti.Node.Upstreams;

/// <summary>Says which endpoints of a provider a consumer may be led to. Asked once for every change of the list, not for every connection.</summary>
internal interface IEndpointChooser
{
    /// <summary>Those that may be used, in any order.</summary>
    ImmutableArray<Endpoint> Candidates(UpstreamAssignment upstream, ImmutableArray<Endpoint> endpoints);
}

/// <summary>Chooses by the name of the port alone.</summary>
internal sealed class PortChooser : IEndpointChooser
{
    /// <inheritdoc/>
    public ImmutableArray<Endpoint> Candidates(UpstreamAssignment upstream, ImmutableArray<Endpoint> endpoints) =>
        endpoints.RemoveAll(e => e.Port != upstream.Port);
}
