using System.Collections.Immutable;
using Tutti.Control.State;
using Tutti.Model.Discovery;
using Tutti.Model.Manifest;

namespace Tutti.Server.Discovery;

/// <summary>What is in discovery, computed from the committed state.</summary>
internal static class EndpointList
{
    /// <summary>Endpoints of one service, ordered by instance, then port.</summary>
    public static ImmutableArray<Endpoint> Of(ClusterState state, ServiceKey key)
    {
        if (SpecOf(state, key) is { External: { } external } spec)
        {
            return External(key.Service, spec, external);
        }

        var canary = CanaryShare.Of(state, key);
        var endpoints = ImmutableArray.CreateBuilder<Endpoint>();
        foreach (var instance in state.InstancesOf(key).Values.Where(i => i.InDiscovery).OrderBy(i => i.Id, StringComparer.Ordinal))
        {
            if (instance.Node is null || state.Nodes.Find(instance.Node) is not { } node)
            {
                continue;
            }

            var ports = state.Set(instance.Architecture, instance.Set)?.Spec.Services.GetValueOrDefault(instance.Service)?.Ports;
            foreach (var (name, number) in instance.Ports)
            {
                endpoints.Add(new Endpoint
                {
                    Instance = instance.Id,
                    Version = instance.Version,
                    Node = node.Name,
                    Port = name,
                    Protocol = ports?.GetValueOrDefault(name)?.Protocol ?? PortProtocol.Http,
                    Address = node.Address,
                    Number = number,
                    Share = instance.Version.Equals(canary?.Version) ? canary?.Percent : null,
                });
            }
        }

        return endpoints.ToImmutable();
    }

    /// <summary>Names of every service of an architecture that is, or still runs.</summary>
    public static IEnumerable<string> Services(ClusterState state, string architecture)
    {
        var current = state.Architectures.Find(architecture) is { } found ? state.Set(architecture, found.CurrentSet)?.Spec.Services.Keys : null;
        return state.ServicesOf(architecture).Select(s => s.Name).Concat(current ?? []).Distinct();
    }

    /// <summary>Whether a service of this name is asked for or still runs.</summary>
    public static bool Exists(ClusterState state, ServiceKey key) =>
        state.Service(key) is not null
        || (state.Architectures.Find(key.Architecture) is { } found
            && state.Set(key.Architecture, found.CurrentSet)?.Spec.Services.ContainsKey(key.Service) == true);

    private static ServiceSpec? SpecOf(ClusterState state, ServiceKey key) =>
        state.Architectures.Find(key.Architecture) is { Destroyed: false } architecture
            ? state.Set(key.Architecture, architecture.CurrentSet)?.Spec.Services.GetValueOrDefault(key.Service)
            : null;

    private static ImmutableArray<Endpoint> External(string service, ServiceSpec spec, ExternalSpec external)
    {
        if (!Uri.TryCreate(external.Url, UriKind.Absolute, out var url) || url.Port < 0)
        {
            return [];
        }

        var port = ProviderPort.OfExternal(spec, url);
        return [new Endpoint { Instance = service, Port = port.Name, Protocol = port.Protocol, Address = url.IdnHost, Number = url.Port }];
    }
}
