using System.Collections.Immutable;
using Tutti.Control.State;
using Tutti.Model.Versions;
using Tutti.Server.Api;
using Tutti.Server.Discovery;

namespace Tutti.Server.Transitions;

/// <summary>How the requests of every service are led to its releases now: each consumer's only to those it accepts, a canary's by its share, otherwise by number.
/// What is behind a service follows its shares.</summary>
/// <remarks>Services that nobody calls share by number, or by the canary's step. Consumers of one provider count alike, as nobody knows here how much each calls.</remarks>
internal sealed class TrafficShares(ClusterState state, string architecture)
{
    private readonly Dictionary<string, ImmutableSortedDictionary<ReleaseVersion, double>> _known = new(StringComparer.Ordinal);
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);
    private ILookup<string, (string Consumer, ReleaseVersion Version, VersionRange Accepts)>? _calls;

    /// <summary>A line for each release of a service that is in discovery.</summary>
    public IEnumerable<TrafficShareDocument> Of(string service)
    {
        var shares = Shares(service);
        return from release in Serving(service)
               select new TrafficShareDocument(service, release.Key, release.Value, Math.Round(100 * shares.GetValueOrDefault(release.Key), 1));
    }

    private ImmutableSortedDictionary<ReleaseVersion, double> Shares(string service)
    {
        if (_known.TryGetValue(service, out var known))
        {
            return known;
        }

        var serving = Serving(service);
        if (!_open.Add(service))
        {
            // A ring of optional dependencies: somewhere one has to begin.
            return Split(service, serving, accepts: null);
        }

        _calls ??= Calls();
        var consumers = _calls[service].GroupBy(call => call.Consumer).Select(calls => Through(service, serving, [.. calls])).Where(shares => shares.Count > 0).ToList();
        var result = consumers.Count == 0
            ? Split(service, serving, accepts: null)
            : serving.Keys.ToImmutableSortedDictionary(version => version, version => consumers.Average(shares => shares.GetValueOrDefault(version)));
        _open.Remove(service);
        return _known[service] = result;
    }

    /// <summary>What one consumer sends where.</summary>
    private Dictionary<ReleaseVersion, double> Through(string service, ImmutableSortedDictionary<ReleaseVersion, int> serving, List<(string Consumer, ReleaseVersion Version, VersionRange Accepts)> calls)
    {
        var shares = new Dictionary<ReleaseVersion, double>();
        var own = Shares(calls[0].Consumer);
        foreach (var (_, version, accepts) in calls)
        {
            foreach (var (provider, part) in Split(service, serving, accepts))
            {
                shares[provider] = shares.GetValueOrDefault(provider) + (own.GetValueOrDefault(version) * part);
            }
        }

        return shares;
    }

    private ImmutableSortedDictionary<ReleaseVersion, double> Split(string service, ImmutableSortedDictionary<ReleaseVersion, int> serving, VersionRange? accepts)
    {
        var taken = serving.Where(release => accepts?.Accepts(release.Key) != false).ToList();
        var canary = taken.Count > 1 ? CanaryShare.Of(state, new ServiceKey(architecture, service)) : null;
        var rest = taken.Where(release => !release.Key.Equals(canary?.Version)).Sum(release => release.Value);
        var left = 1 - (rest < taken.Sum(release => release.Value) ? (canary?.Percent ?? 0) / 100.0 : 0);
        return taken.ToImmutableSortedDictionary(
            release => release.Key,
            release => release.Key.Equals(canary?.Version) ? canary!.Value.Percent / 100.0 : left * release.Value / rest);
    }

    private ImmutableSortedDictionary<ReleaseVersion, int> Serving(string service) =>
        state.InstancesOf(new ServiceKey(architecture, service)).Values
            .Where(instance => instance.InDiscovery)
            .CountBy(instance => instance.Version)
            .ToImmutableSortedDictionary(count => count.Key, count => count.Value);

    /// <summary>Who calls whom: one line a release of a consumer that serves.</summary>
    private ILookup<string, (string Consumer, ReleaseVersion Version, VersionRange Accepts)> Calls() =>
        (from service in state.ServicesOf(architecture)
         from release in state.InstancesOf(service.Key).Values.Where(instance => instance.InDiscovery).DistinctBy(instance => instance.Version)
         let spec = state.Set(architecture, release.Set)?.Spec.Services.GetValueOrDefault(service.Name)
         where spec is not null
         from dependency in spec.DependsOn
         select (Provider: dependency.Key, Call: (service.Name, release.Version, dependency.Value.Accepts)))
        .ToLookup(pair => pair.Provider, pair => pair.Call, StringComparer.Ordinal);
}
