using System.Collections.Immutable;
using Tutti.Model.Agents;
using Tutti.Model.Discovery;

namespace Tutti.Node.Upstreams;

/// <summary>Local addresses of the dependencies of this node's instances.</summary>
internal interface IUpstreams : IAsyncDisposable
{
    /// <summary>Opens one address per upstream, keyed by service. <paramref name="previousPorts"/> lets an adopted instance keep
    /// its port numbers: the running process has the addresses in its environment.</summary>
    ImmutableSortedDictionary<string, UpstreamAddress> Open(
        string instanceKey,
        string architecture,
        ImmutableArray<UpstreamAssignment> upstreams,
        ImmutableSortedDictionary<string, int>? previousPorts);

    /// <summary>Closes what an instance had.</summary>
    void Close(string instanceKey);

    /// <summary>Takes what discovery says now of one service.</summary>
    void Apply(ServiceEndpoints endpoints);
}

/// <summary>Where a consumer reaches a dependency.</summary>
internal sealed record UpstreamAddress(string Url, string Host, int Port);
