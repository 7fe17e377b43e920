using System.Collections.Immutable;
using Tutti.Control.State;
using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest;
using Tutti.Server.Api;

namespace Tutti.Server.Services;

/// <summary>What is shown of services, computed from the committed state.</summary>
internal static class ServiceView
{
    /// <summary>Every service that is asked for or still runs, by name in order.</summary>
    public static ImmutableArray<ServiceDocument> All(ClusterState state, Architecture architecture)
    {
        var set = CurrentSet(state, architecture);
        var names = state.ServicesOf(architecture.Name).Select(s => s.Name);
        return [.. (architecture.Destroyed ? names : names.Concat(set.Spec.Services.Keys))
            .Distinct()
            .Order(StringComparer.Ordinal)
            .Select(name => Of(state, architecture, set, name))];
    }

    /// <summary>One service; null where there is none of this name.</summary>
    public static ServiceDocument? Find(ClusterState state, ServiceKey key)
    {
        if (state.Architectures.Find(key.Architecture) is not { } architecture)
        {
            return null;
        }

        var set = CurrentSet(state, architecture);
        return state.Service(key) is not null || (!architecture.Destroyed && set.Spec.Services.ContainsKey(key.Service))
            ? Of(state, architecture, set, key.Service)
            : null;
    }

    /// <summary>The worst health of an architecture's services; Down where it is taken down.</summary>
    public static ServiceHealth Worst(ClusterState state, Architecture architecture) =>
        architecture.Destroyed
            ? ServiceHealth.Down
            : All(state, architecture).Select(s => s.Health).DefaultIfEmpty(ServiceHealth.Healthy).Max();

    /// <summary>The set that an architecture should be at.</summary>
    /// <exception cref="InvalidOperationException">It is not there: the state is broken.</exception>
    public static VersionSet CurrentSet(ClusterState state, Architecture architecture) =>
        state.Set(architecture.Name, architecture.CurrentSet)
        ?? throw new InvalidOperationException($"architecture {architecture.Name} should be at version set {architecture.CurrentSet}, which is not there");

    private static ServiceDocument Of(ClusterState state, Architecture architecture, VersionSet set, string name)
    {
        var key = new ServiceKey(architecture.Name, name);
        var entry = architecture.Destroyed ? null : set.Spec.Services.GetValueOrDefault(name);
        if (entry?.External is { } external)
        {
            return Of(set, key, entry, external);
        }

        var service = state.Service(key);
        var instances = state.InstancesOf(key).Values;
        var running = instances.Where(i => i.Phase == InstancePhase.Run)
            .GroupBy(i => i.Version.ToString())
            .ToImmutableSortedDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
        var described = entry ?? set.Spec.Services.GetValueOrDefault(name) ?? LastEntry(state, key, instances);
        return new ServiceDocument
        {
            Architecture = architecture.Name,
            Service = name,
            Version = described?.Version,
            Status = service?.Status ?? ServiceStatus.Provision,
            Health = service?.Health ?? ServiceHealth.Down,
            Desired = entry?.Instances.Min ?? 0,
            Healthy = instances.Count(i => i.InDiscovery),
            Kind = described?.Kind ?? ServiceKind.Cattle,
            Criticality = described?.Criticality ?? Criticality.Critical,
            Owner = described?.Owner,
            Since = service?.Since ?? set.Time,
            Cause = service?.Cause,
            Set = set.Number,
            Paused = service?.Paused ?? false,
            Running = running,
            Operation = state.Operation(service?.Operation),
            Unplaced = service?.Unplaced,
            LastFailure = service?.LastFailure,
        };
    }

    private static ServiceDocument Of(VersionSet set, ServiceKey key, ServiceSpec entry, ExternalSpec external) => new()
    {
        Architecture = key.Architecture,
        Service = key.Service,
        Version = entry.Version,
        Status = ServiceStatus.Run,
        Health = ServiceHealth.Healthy,
        Kind = entry.Kind,
        Criticality = entry.Criticality,
        Owner = entry.Owner,
        Since = set.Time,
        Set = set.Number,
        External = external.Url,
    };

    /// <summary>A service that has left the manifest is described by what still runs of it.</summary>
    private static ServiceSpec? LastEntry(ClusterState state, ServiceKey key, IEnumerable<Instance> instances)
    {
        var last = instances.Select(i => (int?)i.Set).Max() ?? state.Service(key)?.StableSet;
        return last is { } number ? state.Set(key.Architecture, number)?.Spec.Services.GetValueOrDefault(key.Service) : null;
    }
}
