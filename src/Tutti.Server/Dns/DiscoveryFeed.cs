using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Tutti.Control.State;
using Tutti.Model.Manifest;

namespace Tutti.Server.Dns;

/// <summary>Keeps an <see cref="EndpointIndex"/> equal to the committed state. A change says only where to look: what is put into
/// the index is read from the state, so that a change seen late, twice or not at all (a watcher that was too slow) does no harm.</summary>
internal sealed partial class DiscoveryFeed(ClusterView view, EndpointIndex index, ILogger logger)
{
    /// <summary>Follows the state until cancelled; the index is filled when this returns its task.</summary>
    public Task RunAsync(CancellationToken cancellation)
    {
        var subscription = Subscribe();
        return FollowAsync(subscription, cancellation);
    }

    private async Task FollowAsync(Subscription subscription, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                using (subscription)
                {
                    while (await subscription.Batches.WaitToReadAsync(cancellation))
                    {
                        Refresh(Drain(subscription));
                    }
                }

                Log.Ended(logger);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (WatcherTooSlowException)
            {
                // Everything is read afresh below, which is what the exception asks for.
                Log.TooSlow(logger);
            }

            subscription = Subscribe();
        }
    }

    private Subscription Subscribe() => view.ReadAndSubscribe((state, revision) =>
    {
        index.Clear();
        foreach (var architecture in state.Architectures.All)
        {
            Declare(state, architecture.Name);
        }

        foreach (var instance in state.Instances.All.Where(instance => instance.InDiscovery))
        {
            Put(state, instance);
        }

        index.Revision = revision;
        return true;
    }).Subscription;

    private static Dirty Drain(Subscription subscription)
    {
        var dirty = new Dirty([], [], []);
        while (subscription.Batches.TryRead(out var batch))
        {
            foreach (var change in batch.Changes)
            {
                dirty.Mark(change);
            }
        }

        return dirty;
    }

    private void Refresh(Dirty dirty) => view.Read((state, revision) =>
    {
        foreach (var architecture in dirty.Architectures)
        {
            Declare(state, architecture);
        }

        foreach (var (key, id) in dirty.Instances)
        {
            if (state.Instances.TryFind($"{key.Architecture}/{id}", out var instance) && instance.InDiscovery)
            {
                Put(state, instance);
            }
            else
            {
                index.Remove(key, id);
            }
        }

        foreach (var instance in dirty.Nodes.SelectMany(node => state.InstancesOn(node).Values).Where(instance => instance.InDiscovery))
        {
            Put(state, instance);
        }

        index.Revision = revision;
        return true;
    });

    private void Put(ClusterState state, Instance instance)
    {
        if (instance.Node is { } name && state.Nodes.TryFind(name, out var node) && HostAddress.Read(node.Address) is { } address)
        {
            index.Put(instance.ServiceKey, new LiveInstance(instance.Id, address, instance.Ports));
        }
        else
        {
            index.Remove(instance.ServiceKey, instance.Id);
        }
    }

    private void Declare(ClusterState state, string name)
    {
        var services = new Dictionary<string, Declaration>(StringComparer.OrdinalIgnoreCase);
        foreach (var service in state.ServicesOf(name))
        {
            services[service.Name] = new Declaration([], null);
        }

        if (state.Architectures.TryFind(name, out var architecture) && !architecture.Destroyed && state.Set(name, architecture.CurrentSet) is { } set)
        {
            foreach (var (service, spec) in set.Spec.Services)
            {
                services[service] = new Declaration([.. spec.Ports.Keys], spec.External is null ? null : ReadExternal(spec.External));
            }
        }

        index.Declare(name, services);
    }

    private static ExternalEndpoint? ReadExternal(ExternalSpec external)
    {
        if (!Uri.TryCreate(external.Url, UriKind.Absolute, out var url) || url.Port < 0 || HostAddress.Read(url.Host) is not { } address)
        {
            return null;
        }

        return new ExternalEndpoint(address, url.Scheme is "http" or "https" ? "http" : "tcp", url.Port);
    }

    /// <summary>What to look at again.</summary>
    private sealed record Dirty(HashSet<string> Architectures, HashSet<string> Nodes, HashSet<(ServiceKey Service, string Id)> Instances)
    {
        public void Mark(Change change)
        {
            switch (change.After ?? change.Before)
            {
                case Architecture architecture:
                    Architectures.Add(architecture.Name);
                    break;
                case VersionSet set:
                    Architectures.Add(set.Architecture);
                    break;
                case Service service when change.Before is null || change.After is null:
                    Architectures.Add(service.Architecture);
                    break;
                case Node node when (change.Before as Node)?.Address != (change.After as Node)?.Address:
                    Nodes.Add(node.Name);
                    break;
                case Instance instance when Shown(change.Before) || Shown(change.After):
                    Instances.Add((instance.ServiceKey, instance.Id));
                    break;
                default:
                    break;
            }
        }

        private static bool Shown(object? document) => document is Instance { InDiscovery: true };
    }

    private static partial class Log
    {
        [LoggerMessage(1201, LogLevel.Debug, "DNS fell behind the committed changes and reads everything afresh")]
        public static partial void TooSlow(ILogger logger);

        [LoggerMessage(1202, LogLevel.Debug, "The stream of committed changes ended; DNS reads everything afresh")]
        public static partial void Ended(ILogger logger);
    }
}
