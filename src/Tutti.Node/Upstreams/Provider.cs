using System.Collections.Immutable;
using Tutti.Model.Discovery;

namespace Tutti.Node.Upstreams;

/// <summary>One endpoint and how many connections of this node are open to it.</summary>
internal sealed class Target(string host, int port)
{
    private int _open;

    public string Host => host;

    public int Port => port;

    public int Open => Volatile.Read(ref _open);

    public void Enter() => Interlocked.Increment(ref _open);

    public void Leave() => Interlocked.Decrement(ref _open);
}

/// <summary>What discovery says of one service. Counts survive a change of the list for the endpoints that stay.</summary>
internal sealed class Provider
{
    private ImmutableDictionary<Endpoint, Target> _targets = ImmutableDictionary<Endpoint, Target>.Empty;

    /// <summary>Revision of the list.</summary>
    public long Revision { get; private set; }

    /// <summary>The list.</summary>
    public ImmutableArray<Endpoint> Endpoints { get; private set; } = [];

    /// <summary>Consumers' listeners.</summary>
    public HashSet<UpstreamListener> Listeners { get; } = [];

    /// <summary>Replaces the list, unless it is an older one.</summary>
    public bool Replace(ServiceEndpoints endpoints)
    {
        if (endpoints.Revision < Revision)
        {
            return false;
        }

        Revision = endpoints.Revision;
        Endpoints = endpoints.Endpoints;
        var old = _targets;
        _targets = endpoints.Endpoints.Distinct().ToImmutableDictionary(e => e, e => old.GetValueOrDefault(e) ?? new Target(e.Address, e.Number));
        return true;
    }

    /// <summary>The counted targets of some of its endpoints.</summary>
    public ImmutableArray<Target> Targets(ImmutableArray<Endpoint> candidates) => [.. candidates.Where(_targets.ContainsKey).Select(e => _targets[e])];
}
