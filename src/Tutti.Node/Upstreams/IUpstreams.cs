using System.Collections.Immutable;
using Tutti.Model.Agents;
using Tutti.Model.Discovery;
using Tutti.Model.Traffic;
using Tutti.Model.Versions;
using Tutti.Node.Runtimes;

namespace Tutti.Node.Upstreams;

/// <summary>Stable loopback addresses at which instances of this node find what they depend on. Safe from any thread.</summary>
internal interface IUpstreams : IAsyncDisposable
{
    /// <summary>Opens one address for each upstream of a consumer, under the ports it had before where given.</summary>
    /// <exception cref="LaunchException">An address cannot be opened; nothing of this consumer stays open.</exception>
    ImmutableSortedDictionary<string, UpstreamAddress> Open(
        Consumer consumer,
        ImmutableArray<UpstreamAssignment> upstreams,
        ImmutableSortedDictionary<string, int>? previousPorts);

    /// <summary>Closes all addresses of a consumer and ends their connections.</summary>
    void Close(string instanceKey);

    /// <summary>Replaces what is known of one service. An endpoint that is gone gets nothing new; what is under way to it is left to end by itself.</summary>
    void Apply(ServiceEndpoints endpoints);

    /// <summary>Nobody follows discovery for an architecture any more: what is known of its services is not to be used when somebody does again.</summary>
    void Forget(string architecture);

    /// <summary>What every consumer exchanged with every version of its providers since its addresses were opened.</summary>
    ImmutableArray<UpstreamTraffic> Traffic();
}

/// <summary>An instance that calls others.</summary>
/// <param name="Instance">Its key, <c>architecture/id</c>.</param>
/// <param name="Architecture">Its architecture; what it calls is in the same.</param>
/// <param name="Service">Its service.</param>
/// <param name="Version">Its release.</param>
internal sealed record Consumer(string Instance, string Architecture, string Service, ReleaseVersion Version);

/// <summary>Where a consumer finds a provider.</summary>
/// <param name="Url">With scheme; the external URL itself where it is https.</param>
/// <param name="Host">Host name or IP.</param>
/// <param name="Port">Port number.</param>
internal sealed record UpstreamAddress(string Url, string Host, int Port);
