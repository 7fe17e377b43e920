using System.Collections.Immutable;
using Tutti.Model.Discovery;
using Tutti.Node.Upstreams.Http;
using Tutti.Node.Upstreams.Traffic;

namespace Tutti.Node.Upstreams.Routing;

/// <summary>One endpoint a consumer may be led to, with what is counted of the two.</summary>
internal sealed record Candidate(Target Target, TrafficCounters Counters);

/// <summary>Where one upstream leads at the moment: groups of endpoints, each with its share of the calls. Safe from any loop.</summary>
/// <remarks>Which group is next is the smooth weighted round robin that nginx uses: every group gains its weight, the one with the most is taken and
/// pays the sum. Over as many calls as the weights add up to, each group gets exactly its weight.</remarks>
internal sealed class Route
{
    private readonly Lock _gate = new();
    private readonly ImmutableArray<RouteGroup> _groups;
    private readonly int _total;

    private Route(ImmutableArray<RouteGroup> groups, bool known, Refusal refusal)
    {
        (_groups, Known, Refusal) = (groups, known, refusal);
        _total = groups.Sum(g => g.Weight);
    }

    /// <summary>Whether discovery has said anything yet; a call waits for that a little.</summary>
    public bool Known { get; }

    /// <summary>What a call is answered that finds nobody.</summary>
    public Refusal Refusal { get; }

    /// <summary>The groups' weights, by the names of their versions; the rest is called <c>""</c>.</summary>
    public IEnumerable<(string Name, int Weight)> Weights => _groups.Select(g => (g.Name, g.Weight));

    /// <summary>A route to some of a provider's endpoints.</summary>
    /// <param name="candidates">Endpoints that are accepted, each with its target and counters.</param>
    /// <param name="known">See <see cref="Known"/>.</param>
    /// <param name="refusal">See <see cref="Refusal"/>.</param>
    /// <param name="before">The route that this one follows: its turn goes on where the weights are the same.</param>
    public static Route To(ImmutableArray<(Endpoint Endpoint, Candidate Candidate)> candidates, bool known, Refusal refusal, Route? before)
    {
        var shares = candidates.Where(c => c.Endpoint.Share is not null)
            .GroupBy(c => c.Endpoint.Version?.ToString() ?? "")
            .ToDictionary(g => g.Key, g => Math.Clamp(g.Max(c => c.Endpoint.Share!.Value), 0, 100));
        var rest = Math.Max(0, 100 - shares.Values.Sum());
        var groups = candidates
            .GroupBy(c => c.Endpoint.Version?.ToString() is { } version && shares.ContainsKey(version) ? version : "", c => c.Candidate)
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new RouteGroup(g.Key, g.Key.Length > 0 ? shares[g.Key] : rest, [.. g]))
            .ToImmutableArray();
        var route = new Route(groups, known, refusal);
        if (before is not null && before.Weights.SequenceEqual(route.Weights))
        {
            for (var i = 0; i < groups.Length; i++)
            {
                groups[i].GoOnAfter(before._groups[i]);
            }
        }

        return route;
    }

    /// <summary>Whom the next call goes to; null: nobody is left.</summary>
    /// <param name="tried">Candidates that this call has tried in vain.</param>
    public Candidate? Choose(List<Candidate>? tried)
    {
        if (_groups.Length == 1)
        {
            return _groups[0].LeastBusy(tried);
        }

        if (_groups.IsEmpty)
        {
            return null;
        }

        // Who was turned away is served by any that is left, and takes nobody's turn.
        return (tried is null ? NextGroup().LeastBusy(tried) : null) ?? _groups.Select(g => g.LeastBusy(tried)).FirstOrDefault(c => c is not null);
    }

    private RouteGroup NextGroup()
    {
        lock (_gate)
        {
            var best = _groups[0];
            foreach (var group in _groups)
            {
                group.Current += group.Weight;
                best = group.Current > best.Current ? group : best;
            }

            best.Current -= _total;
            return best;
        }
    }
}

/// <summary>Endpoints that share a share.</summary>
internal sealed class RouteGroup(string name, int weight, ImmutableArray<Candidate> candidates)
{
    private int _turn;

    public string Name => name;

    public int Weight => weight;

    /// <summary>Of the round robin; under the lock of its route.</summary>
    public int Current { get; set; }

    /// <summary>Takes over whose turn it is.</summary>
    public void GoOnAfter(RouteGroup before) => (Current, _turn) = (before.Current, before._turn);

    /// <summary>The one with the least under way, among equals each in turn.</summary>
    public Candidate? LeastBusy(List<Candidate>? tried)
    {
        var (best, fewest) = ((Candidate?)null, int.MaxValue);
        var first = (int)((uint)Interlocked.Increment(ref _turn) % (uint)candidates.Length);
        for (var i = 0; i < candidates.Length; i++)
        {
            var at = first + i;
            var candidate = candidates[at < candidates.Length ? at : at - candidates.Length];
            if (candidate.Target.Open is var open && open < fewest && (tried is null || !tried.Contains(candidate)))
            {
                (best, fewest) = (candidate, open);
            }
        }

        return best;
    }
}
