using System.Collections.Immutable;
using Tutti.Control.State;
using Tutti.Decisions.Placement;
using Tutti.Model.Agents;
using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest;
using Tutti.Model.Quantities;

namespace Tutti.Control.Placement;

/// <summary>What is reserved on every node, kept up to date change by change, as placement wants to see it.</summary>
internal sealed class NodeRooms(ClusterState state)
{
    private readonly SortedDictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Account> _accounts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _stale = new(StringComparer.Ordinal);
    private NodeRoom[] _rooms = [];
    private bool _rebuild;

    /// <summary>Takes note of a change.</summary>
    public void Observe(object? before, object? after)
    {
        switch (after ?? before)
        {
            case Instance:
                Book(before as Instance, -1);
                Book(after as Instance, +1);
                break;
            case Node node:
                _rebuild |= before is null || after is null;
                _stale.Add(node.Name);
                break;
        }
    }

    /// <summary>Every node by name in order; the array is reused by the next call.</summary>
    public IReadOnlyList<NodeRoom> Rooms()
    {
        if (_rebuild)
        {
            _places.Clear();
            foreach (var node in state.Nodes.All.OrderBy(node => node.Name, StringComparer.Ordinal))
            {
                _places[node.Name] = _places.Count;
            }

            _rooms = new NodeRoom[_places.Count];
            _stale.UnionWith(_places.Keys);
            _rebuild = false;
        }

        foreach (var name in _stale)
        {
            if (_places.TryGetValue(name, out var place) && state.Nodes.Find(name) is { } node)
            {
                _rooms[place] = Describe(node);
            }
        }

        _stale.Clear();
        return _rooms;
    }

    /// <summary>Who is on a node, for preemption.</summary>
    public IReadOnlyList<Occupant> OccupantsOf(string node) =>
        [.. state.InstancesOn(node).Values
            .Where(instance => !instance.Stopped)
            .OrderBy(instance => instance.Key, StringComparer.Ordinal)
            .Select(instance =>
            {
                var spec = SpecOf(instance);
                return new Occupant(
                    instance.Key,
                    instance.ServiceKey.ToString(),
                    spec?.Criticality ?? Criticality.CriticalPlus,
                    Needs(spec),
                    FixedPorts(spec),
                    instance.Ordinal >= 0 || instance.Goal == AssignmentGoal.Stop || spec is null);
            })];

    /// <summary>What an instance of this entry reserves.</summary>
    public static Room Needs(ServiceSpec? spec) => spec is null ? default : new Room(spec.Resources.Cpu, spec.Resources.Memory);

    /// <summary>The fixed port numbers of this entry.</summary>
    public static ImmutableArray<int> FixedPorts(ServiceSpec? spec) =>
        spec is null || spec.Ports.Count == 0 ? [] : [.. spec.Ports.Values.Where(port => port.Number is not null).Select(port => port.Number!.Value)];

    private ServiceSpec? SpecOf(Instance instance) =>
        state.Set(instance.Architecture, instance.Set)?.Spec.Services.GetValueOrDefault(instance.Service);

    private void Book(Instance? instance, int sign)
    {
        if (instance?.Node is not { } node || instance.Stopped)
        {
            return;
        }

        if (!_accounts.TryGetValue(node, out var account))
        {
            _accounts[node] = account = new Account();
        }

        var spec = SpecOf(instance);
        var needs = Needs(spec);
        account.Reserved = Add(account.Reserved, needs, sign);
        if (instance.Goal == AssignmentGoal.Stop)
        {
            account.Releasing = Add(account.Releasing, needs, sign);
        }

        foreach (var port in FixedPorts(spec))
        {
            account.FixedPorts[port] = account.FixedPorts.GetValueOrDefault(port) + sign;
            if (instance.Goal == AssignmentGoal.Stop)
            {
                account.ReleasingPorts[port] = account.ReleasingPorts.GetValueOrDefault(port) + sign;
            }
        }

        _stale.Add(node);
    }

    private NodeRoom Describe(Node node)
    {
        var account = _accounts.GetValueOrDefault(node.Name) ?? new Account();
        return new NodeRoom
        {
            Name = node.Name,
            Labels = node.Labels,
            Capacity = new Room(node.Capacity.Cpu, node.Capacity.Memory),
            Reserved = account.Reserved,
            Releasing = account.Releasing,
            Closed = node.Status == NodeStatus.Lost ? "lost" : node.Draining ? "draining" : null,
            FixedPorts = Held(account.FixedPorts),
            ReleasingPorts = Held(account.ReleasingPorts),
        };
    }

    private static ImmutableHashSet<int> Held(SortedDictionary<int, int> ports) =>
        ports.Count == 0 ? [] : [.. ports.Where(port => port.Value > 0).Select(port => port.Key)];

    private static Room Add(Room room, Room other, int sign) =>
        new(new Cpu(room.Cpu.Millis + (sign * other.Cpu.Millis)), new ByteSize(room.Memory.Bytes + (sign * other.Memory.Bytes)));

    private sealed class Account
    {
        public Room Reserved { get; set; }

        public Room Releasing { get; set; }

        public SortedDictionary<int, int> FixedPorts { get; } = [];

        public SortedDictionary<int, int> ReleasingPorts { get; } = [];
    }
}
