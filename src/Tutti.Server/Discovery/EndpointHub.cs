using System.Collections.Immutable;
using Tutti.Control.State;
using Tutti.Model.Discovery;
using Tutti.Server.Streams;

namespace Tutti.Server.Discovery;

/// <summary>Tells watchers which endpoints there are. A list is computed and written once per change, whoever watches it.</summary>
internal sealed class EndpointHub(ClusterView view) : IChangeHub
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, WatchedArchitecture> _watched = new(StringComparer.Ordinal);

    /// <summary>Adds a watcher of one service, or of all where <paramref name="service"/> is null.</summary>
    /// <param name="architecture">Which.</param>
    /// <param name="service">Null: every service.</param>
    /// <param name="after">The revision of the last list that the watcher has; null: none.</param>
    /// <param name="stream">Where changes go.</param>
    /// <returns>What the watcher does not know yet, in order of revision.</returns>
    public IReadOnlyList<ReadOnlyMemory<byte>> Add(string architecture, string? service, long? after, EventStream stream)
    {
        lock (_gate)
        {
            if (!_watched.TryGetValue(architecture, out var watched))
            {
                _watched[architecture] = watched = new WatchedArchitecture();
            }

            var unknown = view.Read<IReadOnlyList<ReadOnlyMemory<byte>>>((state, revision) =>
            {
                // A position from a life of the store that is gone says nothing about this one.
                var known = after > revision ? null : after;
                if (service is not null)
                {
                    var list = watched.ListOf(state, revision, new ServiceKey(architecture, service));
                    return known >= list.Content.Revision ? [] : [list.Frame];
                }

                // Lists of one revision go out one after another, so a watcher may have seen only some of those of its last one.
                return [.. EndpointList.Services(state, architecture)
                    .Select(name => watched.ListOf(state, revision, new ServiceKey(architecture, name)))
                    .Where(list => known is null || list.Content.Revision >= known)
                    .OrderBy(list => list.Content.Revision)
                    .Select(list => list.Frame)];
            });
            watched.Watchers.Add(stream, service);
            return unknown;
        }
    }

    public void Remove(string architecture, EventStream stream)
    {
        lock (_gate)
        {
            if (_watched.TryGetValue(architecture, out var watched) && watched.Watchers.Remove(stream) && watched.Watchers.Count == 0)
            {
                _watched.Remove(architecture);
            }
        }
    }

    public void Apply(IReadOnlyList<CommittedBatch> batches)
    {
        lock (_gate)
        {
            if (_watched.Count > 0)
            {
                view.Read((state, revision) =>
                {
                    foreach (var key in Touched(state, batches))
                    {
                        Refresh(state, revision, key);
                    }

                    return true;
                });
            }
        }
    }

    public void Resync()
    {
        lock (_gate)
        {
            view.Read((state, revision) =>
            {
                foreach (var (architecture, watched) in _watched)
                {
                    foreach (var service in EndpointList.Services(state, architecture).Union(watched.Lists.Keys).ToList())
                    {
                        Refresh(state, revision, new ServiceKey(architecture, service));
                    }
                }

                return true;
            });
        }
    }

    private HashSet<ServiceKey> Touched(ClusterState state, IReadOnlyList<CommittedBatch> batches)
    {
        var touched = new HashSet<ServiceKey>();
        foreach (var change in batches.SelectMany(batch => batch.Changes))
        {
            switch (change.After ?? change.Before)
            {
                case Instance instance when (change.Before as Instance)?.InDiscovery == true || (change.After as Instance)?.InDiscovery == true:
                    touched.Add(instance.ServiceKey);
                    break;
                case Operation operation when (change.Before as Operation)?.Step != (change.After as Operation)?.Step || operation.Ended is not null:
                    // A canary's share changes with its step.
                    touched.Add(new ServiceKey(operation.Architecture, operation.Service));
                    break;
                case Architecture architecture when _watched.ContainsKey(architecture.Name):
                    touched.UnionWith(EndpointList.Services(state, architecture.Name).Select(name => new ServiceKey(architecture.Name, name)));
                    touched.UnionWith(_watched[architecture.Name].Lists.Keys.Select(name => new ServiceKey(architecture.Name, name)));
                    break;
                case Node node when (change.Before as Node)?.Address != (change.After as Node)?.Address:
                    touched.UnionWith(state.InstancesOn(node.Name).Values.Select(i => i.ServiceKey));
                    break;
                default:
                    break;
            }
        }

        return touched;
    }

    private void Refresh(ClusterState state, long revision, ServiceKey key)
    {
        if (!_watched.TryGetValue(key.Architecture, out var watched))
        {
            return;
        }

        var before = watched.Lists.GetValueOrDefault(key.Service);
        var endpoints = EndpointList.Of(state, key);
        if (before is null || !before.Content.Endpoints.SequenceEqual(endpoints))
        {
            watched.Put(key, revision, endpoints);
        }
    }

    private sealed record KnownList(ServiceEndpoints Content, ReadOnlyMemory<byte> Frame);

    private sealed class WatchedArchitecture
    {
        public Dictionary<string, KnownList> Lists { get; } = new(StringComparer.Ordinal);

        public Dictionary<EventStream, string?> Watchers { get; } = [];

        public KnownList ListOf(ClusterState state, long revision, ServiceKey key) =>
            Lists.GetValueOrDefault(key.Service) ?? Put(key, revision, EndpointList.Of(state, key));

        /// <summary>Keeps a list that is new or has changed, and sends it to all who watch it.</summary>
        public KnownList Put(ServiceKey key, long revision, ImmutableArray<Endpoint> endpoints)
        {
            var content = new ServiceEndpoints { Architecture = key.Architecture, Service = key.Service, Revision = revision, Endpoints = endpoints };
            var list = Lists[key.Service] = new KnownList(content, EventFrame.Of("endpoints", revision, content));
            foreach (var (stream, service) in Watchers)
            {
                if (service is null || service == key.Service)
                {
                    stream.TrySend(list.Frame);
                }
            }

            return list;
        }
    }
}
