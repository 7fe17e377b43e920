using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Tutti.Model.Agents;
using Tutti.Model.Discovery;
using Tutti.Model.Manifest;
using Tutti.Model.Traffic;
using Tutti.Node.Ports;
using Tutti.Node.Runtimes;
using Tutti.Node.Upstreams.Loops;
using Tutti.Node.Upstreams.Routing;

namespace Tutti.Node.Upstreams;

/// <summary>One loopback TCP listener for each consumer instance and dependency.</summary>
/// <param name="ports">Gives the listeners' ports. Null: the kernel does, from the range of outgoing connections, so that another program
/// may hold the number by the time an agent that was restarted wants it back.</param>
/// <param name="chooser">Which endpoints a consumer may use; null: those of the port and of versions that it accepts.</param>
/// <param name="logger">Where it says what should not happen; null: nowhere.</param>
internal sealed class UpstreamListeners(IPortAllocator? ports = null, IEndpointChooser? chooser = null, ILogger? logger = null) : IUpstreams
{
    private const int BindAttempts = 8;

    private readonly IEndpointChooser _chooser = chooser ?? new VersionChooser();
    private readonly LoopGroup _loops = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ImmutableArray<UpstreamListener>> _byConsumer = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Architecture, string Service), Provider> _providers = [];

    /// <inheritdoc/>
    public ImmutableSortedDictionary<string, UpstreamAddress> Open(
        Consumer consumer,
        ImmutableArray<UpstreamAssignment> upstreams,
        ImmutableSortedDictionary<string, int>? previousPorts)
    {
        Close(consumer.Instance);
        var addresses = ImmutableSortedDictionary.CreateBuilder<string, UpstreamAddress>(StringComparer.Ordinal);
        var opened = ImmutableArray.CreateBuilder<UpstreamListener>();
        try
        {
            foreach (var upstream in upstreams)
            {
                var external = upstream.ExternalUrl is null ? null : ReadExternal(upstream);
                if (external?.Scheme == Uri.UriSchemeHttps)
                {
                    // The certificate names the external host, so the consumer has to call it by that name.
                    addresses[upstream.Service] = new UpstreamAddress(upstream.ExternalUrl!, external.IdnHost, external.Port);
                    continue;
                }

                var listener = Listen(consumer, upstream, previousPorts?.GetValueOrDefault(upstream.Service) is > 0 and var port ? port : null);
                opened.Add(listener);
                var scheme = external?.Scheme ?? (upstream.Protocol == PortProtocol.Http ? "http" : "tcp");
                var path = external is null || external.PathAndQuery == "/" ? "" : external.PathAndQuery;
                addresses[upstream.Service] = new UpstreamAddress($"{scheme}://127.0.0.1:{listener.Port}{path}", "127.0.0.1", listener.Port);
                if (external is not null)
                {
                    listener.LeadTo(External(listener, external));
                }
            }
        }
        catch (IOException e)
        {
            CloseAll(opened);
            throw new LaunchException(e.Message);
        }
        catch
        {
            CloseAll(opened);
            throw;
        }

        Register(consumer, opened.ToImmutable());
        return addresses.ToImmutable();
    }

    /// <inheritdoc/>
    public void Close(string instanceKey)
    {
        ImmutableArray<UpstreamListener> listeners;
        lock (_lock)
        {
            if (!_byConsumer.Remove(instanceKey, out listeners))
            {
                return;
            }

            foreach (var provider in _providers.Values)
            {
                provider.Listeners.ExceptWith(listeners);
            }
        }

        CloseAll(listeners);
    }

    /// <inheritdoc/>
    public void Apply(ServiceEndpoints endpoints)
    {
        lock (_lock)
        {
            var provider = ProviderOf(endpoints.Architecture, endpoints.Service);
            if (provider.Replace(endpoints) is { } left)
            {
                Lead(provider, left);
            }
        }
    }

    /// <inheritdoc/>
    public void Forget(string architecture)
    {
        lock (_lock)
        {
            foreach (var provider in _providers.Where(p => p.Key.Architecture == architecture).Select(p => p.Value))
            {
                Lead(provider, provider.Forget());
            }
        }
    }

    /// <inheritdoc/>
    public ImmutableArray<UpstreamTraffic> Traffic()
    {
        lock (_lock)
        {
            return [.. _byConsumer.Values.SelectMany(l => l).SelectMany(l => l.Book.Read())];
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        ImmutableArray<UpstreamListener> all;
        lock (_lock)
        {
            all = [.. _byConsumer.Values.SelectMany(l => l)];
            _byConsumer.Clear();
            _providers.Clear();
        }

        CloseAll(all);
        await _loops.DisposeAsync().ConfigureAwait(false);
    }

    private void Register(Consumer consumer, ImmutableArray<UpstreamListener> listeners)
    {
        lock (_lock)
        {
            _byConsumer[consumer.Instance] = listeners;
            foreach (var listener in listeners.Where(l => l.Upstream.ExternalUrl is null))
            {
                var provider = ProviderOf(consumer.Architecture, listener.Upstream.Service);
                provider.Listeners.Add(listener);
                Lead(listener, provider);
            }
        }
    }

    /// <summary>Leads all its consumers by its new list; only then the targets that left are given up, so that nobody is sent to one of those again.</summary>
    private void Lead(Provider provider, ImmutableArray<Target> left)
    {
        foreach (var listener in provider.Listeners)
        {
            Lead(listener, provider);
        }

        foreach (var target in left)
        {
            target.Leaves();
            foreach (var loop in _loops.All)
            {
                loop.Post(() => target.Idle[loop.Index].Clear());
            }
        }
    }

    private void Lead(UpstreamListener listener, Provider provider)
    {
        var accepted = _chooser.Candidates(listener.Upstream, provider.Endpoints)
            .Select(e => (e, new Candidate(provider.TargetOf(e), listener.Book.Of(e.Version))));
        var refusal = NoProvider.Explain(listener.Consumer, listener.Upstream, provider.Known, provider.Endpoints);
        listener.LeadTo(Route.To([.. accepted], provider.Known, refusal, listener.Route));
    }

    private static Route External(UpstreamListener listener, Uri external)
    {
        var endpoint = new Endpoint { Instance = listener.Upstream.Service, Port = listener.Upstream.Port, Address = external.IdnHost, Number = external.Port };
        var candidate = new Candidate(new Target(external.IdnHost, external.Port, null), listener.Book.Of(null));
        return Route.To([(endpoint, candidate)], known: true, NoProvider.Explain(listener.Consumer, listener.Upstream, true, [endpoint]), null);
    }

    private Provider ProviderOf(string architecture, string service)
    {
        if (!_providers.TryGetValue((architecture, service), out var provider))
        {
            _providers[(architecture, service)] = provider = new Provider();
        }

        return provider;
    }

    private void CloseAll(IEnumerable<UpstreamListener> listeners)
    {
        foreach (var listener in listeners)
        {
            listener.Close();
            ports?.Release(listener.Port);
        }
    }

    private UpstreamListener Listen(Consumer consumer, UpstreamAssignment upstream, int? previous)
    {
        if (previous is { } number)
        {
            var socket = TryBind(number) ?? throw new LaunchException(
                $"the address 127.0.0.1:{number} of upstream '{upstream.Service}' is in use by another process{Owner(number)}");
            ports?.Reclaim(number);
            return new UpstreamListener(socket, consumer, upstream, _loops, logger ?? NullLogger.Instance);
        }

        for (var i = 0; i < BindAttempts; i++)
        {
            var candidate = ports?.Take(null) ?? 0;
            if (TryBind(candidate) is { } socket)
            {
                return new UpstreamListener(socket, consumer, upstream, _loops, logger ?? NullLogger.Instance);
            }

            ports?.Release(candidate);
        }

        throw new LaunchException($"no loopback port could be opened for upstream '{upstream.Service}'");
    }

    private static Socket? TryBind(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null; // The caller names who holds it, or tries the next.
        }
    }

    private static string Owner(int port) => PortOwner.Find(port) is { } owner ? $" (pid {owner.Pid} {owner.Name})" : "";

    private static Uri ReadExternal(UpstreamAssignment upstream) =>
        Uri.TryCreate(upstream.ExternalUrl, UriKind.Absolute, out var uri) && uri.Port > 0
            ? uri
            : throw new LaunchException($"the external URL '{upstream.ExternalUrl}' of upstream '{upstream.Service}' has no host and port");
}
