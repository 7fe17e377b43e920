using System.Collections.Immutable;

namespace Tutti.Server.Dns;

/// <summary>One instance in discovery.</summary>
internal sealed record LiveInstance(string Id, HostAddress Address, ImmutableSortedDictionary<string, int> Ports);

/// <summary>A service that Tutti does not run: where it is, and its one port.</summary>
internal sealed record ExternalEndpoint(HostAddress Address, string PortName, int Port);

/// <summary>What the current version set says of a service.</summary>
/// <param name="Ports">Names of its ports.</param>
/// <param name="External">Set for an external service whose URL can be used.</param>
internal sealed record Declaration(ImmutableSortedSet<string> Ports, ExternalEndpoint? External);

/// <summary>One service in the zone: what is declared and what is in discovery. Guarded by <see cref="EndpointIndex"/>.</summary>
internal sealed class ServiceEntry
{
    private readonly List<LiveInstance> _live = [];
    private readonly Dictionary<string, int> _positions = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<HostAddress, int> _addresses = [];

    /// <summary>Null: it is in no version set any more, and only waits for its last instance to leave.</summary>
    public Declaration? Declared { get; set; }

    /// <summary>Whether nothing keeps it.</summary>
    public bool IsEmpty => Declared is null && _live.Count == 0;

    /// <summary>Each address once.</summary>
    public IReadOnlyCollection<HostAddress> Addresses => _addresses.Keys;

    /// <summary>Instances in discovery, in no order.</summary>
    public IReadOnlyList<LiveInstance> Live => _live;

    /// <summary>An instance in discovery, or null.</summary>
    public LiveInstance? Find(string id) => _positions.TryGetValue(id, out var position) ? _live[position] : null;

    /// <summary>Whether a port of this name is declared or offered.</summary>
    public bool HasPort(string name) =>
        Declared is { } declared && (declared.Ports.Contains(name) || declared.External?.PortName == name) || _live.Any(instance => instance.Ports.ContainsKey(name));

    /// <summary>Puts an instance in, in place of what it was before.</summary>
    public void Put(LiveInstance instance)
    {
        Remove(instance.Id);
        _positions[instance.Id] = _live.Count;
        _live.Add(instance);
        _addresses[instance.Address] = _addresses.GetValueOrDefault(instance.Address) + 1;
    }

    /// <summary>Takes an instance out; nothing where it is not in.</summary>
    public void Remove(string id)
    {
        if (!_positions.Remove(id, out var position))
        {
            return;
        }

        var address = _live[position].Address;
        if (--_addresses[address] <= 0)
        {
            _addresses.Remove(address);
        }

        var last = _live[^1];
        _live.RemoveAt(_live.Count - 1);
        if (position < _live.Count)
        {
            _live[position] = last;
            _positions[last.Id] = position;
        }
    }
}
