using System.Collections.Immutable;
using Tutti.Model.Discovery;

namespace Tutti.Node.Upstreams.Routing;

/// <summary>What discovery says of one service. Counts survive a change of the list for the endpoints that stay.</summary>
internal sealed class Provider
{
    private ImmutableDictionary<Endpoint, Target> _targets = ImmutableDictionary<Endpoint, Target>.Empty;

    /// <summary>Whether discovery has said anything yet.</summary>
    public bool Known { get; private set; }

    /// <summary>Revision of the list.</summary>
    public long Revision { get; private set; }

    /// <summary>The list.</summary>
    public ImmutableArray<Endpoint> Endpoints { get; private set; } = [];

    /// <summary>Consumers' listeners.</summary>
    public HashSet<UpstreamListener> Listeners { get; } = [];

    /// <summary>Replaces the list; the answer is the targets that left it. Null: it is an older one, and nothing changed.</summary>
    public ImmutableArray<Target>? Replace(ServiceEndpoints endpoints)
    {
        if (Known && endpoints.Revision < Revision)
        {
            return null;
        }

        Known = true;
        Revision = endpoints.Revision;
        Endpoints = endpoints.Endpoints;
        return Keep(endpoints.Endpoints);
    }

    /// <summary>Nobody follows discovery for it any more, so what is known grows old; the answer is the targets that are no longer used.</summary>
    public ImmutableArray<Target> Forget()
    {
        Known = false;
        Endpoints = [];
        return Keep([]);
    }

    /// <summary>The counted target of one of its endpoints.</summary>
    public Target TargetOf(Endpoint endpoint) => _targets[Identity(endpoint)];

    private ImmutableArray<Target> Keep(ImmutableArray<Endpoint> endpoints)
    {
        var old = _targets;
        _targets = endpoints.Select(Identity).Distinct()
            .ToImmutableDictionary(e => e, e => old.GetValueOrDefault(e) ?? new Target(e.Address, e.Number, e.Version));
        return [.. old.Where(o => !_targets.ContainsKey(o.Key)).Select(o => o.Value)];
    }

    /// <summary>A share is not part of what an endpoint is.</summary>
    private static Endpoint Identity(Endpoint endpoint) => endpoint with { Share = null };
}
