using System.Collections.Immutable;
using Tutti.Control.State;

namespace Tutti.Server.Dns;

/// <summary>Host and port of one endpoint; the instance is null for an external service.</summary>
internal readonly record struct PortEndpoint(string? Instance, HostAddress Address, int Port);

/// <summary>Everything the zone is made of. It holds one entry a declared service and one an instance in discovery, so its size is
/// bounded by the cluster's; answers are bounded by <see cref="MaxAnswers"/>. Safe for any number of threads.</summary>
internal sealed class EndpointIndex
{
    /// <summary>Most records of one kind in an answer. Where there are more, a random choice of them is given.</summary>
    public const int MaxAnswers = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Dictionary<string, ServiceEntry>> _architectures = new(StringComparer.OrdinalIgnoreCase);
    private long _revision;

    /// <summary>Revision of the state it shows.</summary>
    public long Revision
    {
        get => Interlocked.Read(ref _revision);
        set => Interlocked.Exchange(ref _revision, value);
    }

    /// <summary>Whether an architecture has any service.</summary>
    public bool Knows(string architecture)
    {
        lock (_gate)
        {
            return _architectures.ContainsKey(architecture);
        }
    }

    /// <summary>Whether a service is declared or has instances.</summary>
    public bool Knows(string architecture, string service) => Read(architecture, service, static _ => true);

    /// <summary>Whether a service has a port of this name.</summary>
    public bool Knows(string architecture, string service, string port) => Read(architecture, service, entry => entry.HasPort(port));

    /// <summary>Each address of a service once, in random order; null where it is not known.</summary>
    public ImmutableArray<HostAddress>? Addresses(string architecture, string service) => Read<ImmutableArray<HostAddress>?>(architecture, service, entry =>
        entry.Declared?.External is { } external ? [external.Address] : Choose(entry.Addresses.ToArray()));

    /// <summary>Address of an instance in discovery; null where there is none.</summary>
    public HostAddress? Address(string architecture, string service, string instance) => Read(architecture, service, entry => entry.Find(instance)?.Address);

    /// <summary>Endpoints that offer a port, in random order; empty where there are none.</summary>
    public ImmutableArray<PortEndpoint> Endpoints(string architecture, string service, string port) => Read(architecture, service, entry =>
    {
        if (entry.Declared?.External is { } external)
        {
            return external.PortName == port ? [new PortEndpoint(null, external.Address, external.Port)] : [];
        }

        return Choose(Offers(entry, port));
    }) is { IsDefault: false } endpoints ? endpoints : [];

    /// <summary>The port that is meant where none is named, as in <c>dependsOn</c>: <c>http</c>, or the only one; null where neither is there.</summary>
    public string? DefaultPort(string architecture, string service) => Read(architecture, service, entry =>
    {
        if (entry.HasPort("http"))
        {
            return "http";
        }

        var declared = entry.Declared?.Ports ?? [];
        return entry.Declared?.External?.PortName ?? (declared.Count == 1 ? declared[0] : null);
    });

    /// <summary>Declares exactly these services of an architecture; those that are no longer declared go when they are empty.</summary>
    public void Declare(string architecture, IReadOnlyDictionary<string, Declaration> services)
    {
        lock (_gate)
        {
            foreach (var (name, declaration) in services)
            {
                EntryOf(new ServiceKey(architecture, name)).Declared = declaration;
            }

            foreach (var name in _architectures.GetValueOrDefault(architecture)?.Keys.Where(name => !services.ContainsKey(name)).ToArray() ?? [])
            {
                var key = new ServiceKey(architecture, name);
                EntryOf(key).Declared = null;
                DropIfEmpty(key);
            }
        }
    }

    /// <summary>Puts an instance in discovery, or changes it.</summary>
    public void Put(ServiceKey service, LiveInstance instance)
    {
        lock (_gate)
        {
            EntryOf(service).Put(instance);
        }
    }

    /// <summary>Takes an instance out of discovery; nothing where it is not in.</summary>
    public void Remove(ServiceKey service, string instance)
    {
        lock (_gate)
        {
            if (_architectures.GetValueOrDefault(service.Architecture)?.GetValueOrDefault(service.Service) is { } entry)
            {
                entry.Remove(instance);
                DropIfEmpty(service);
            }
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _architectures.Clear();
        }
    }

    private static IReadOnlyList<PortEndpoint> Offers(ServiceEntry entry, string port)
    {
        // A window that begins anywhere, so that a large service is not copied for each question.
        var live = entry.Live;
        var offers = new List<PortEndpoint>(Math.Min(live.Count, MaxAnswers));
        var start = live.Count == 0 ? 0 : Random.Shared.Next(live.Count);
        for (var i = 0; i < live.Count && offers.Count < MaxAnswers; i++)
        {
            var instance = live[(start + i) % live.Count];
            if (instance.Ports.TryGetValue(port, out var number))
            {
                offers.Add(new PortEndpoint(instance.Id, instance.Address, number));
            }
        }

        return offers;
    }

    private static ImmutableArray<T> Choose<T>(IReadOnlyList<T> all)
    {
        var shuffled = all.ToArray();
        Random.Shared.Shuffle(shuffled);
        return [.. shuffled.AsSpan(0, Math.Min(shuffled.Length, MaxAnswers))];
    }

    private T? Read<T>(string architecture, string service, Func<ServiceEntry, T> reader)
    {
        lock (_gate)
        {
            return _architectures.TryGetValue(architecture, out var services) && services.TryGetValue(service, out var entry) ? reader(entry) : default;
        }
    }

    private ServiceEntry EntryOf(ServiceKey key)
    {
        if (!_architectures.TryGetValue(key.Architecture, out var services))
        {
            _architectures[key.Architecture] = services = new Dictionary<string, ServiceEntry>(StringComparer.OrdinalIgnoreCase);
        }

        if (!services.TryGetValue(key.Service, out var entry))
        {
            services[key.Service] = entry = new ServiceEntry();
        }

        return entry;
    }

    private void DropIfEmpty(ServiceKey key)
    {
        if (!_architectures.TryGetValue(key.Architecture, out var services) || services.GetValueOrDefault(key.Service) is not { IsEmpty: true })
        {
            return;
        }

        services.Remove(key.Service);
        if (services.Count == 0)
        {
            _architectures.Remove(key.Architecture);
        }
    }
}
