using Tutti.Control.State;
using Tutti.Model.Agents;
using Tutti.Model.Lifecycle;

namespace Tutti.Control.Loop;

/// <summary>What is to be looked at, and when. Only a hint: losing it delays a step until the next resync, and never loses one.</summary>
internal sealed class Agenda(ClusterState state)
{
    private readonly HashSet<ServiceKey> _dirty = [];
    private readonly Queue<ServiceKey> _queue = new();
    private readonly SortedSet<(DateTimeOffset Time, ServiceKey Key)> _alarms = [];
    private readonly Dictionary<ServiceKey, DateTimeOffset> _alarmOf = [];
    private readonly WaitIndex _waits = new();
    private readonly SortedDictionary<ServiceKey, HashSet<string>> _unplaced = [];

    /// <summary>Instances without a node, by service.</summary>
    public IReadOnlyDictionary<ServiceKey, HashSet<string>> Unplaced => _unplaced;

    /// <summary>Whether placement has anything new to decide.</summary>
    public bool PlacementDue { get; set; }

    public bool IsEmpty => _queue.Count == 0 && !(PlacementDue && _unplaced.Count > 0);

    /// <summary>How many services are marked.</summary>
    public int Marked => _queue.Count;

    /// <summary>The earliest alarm.</summary>
    public DateTimeOffset? NextAlarm => _alarms.Count == 0 ? null : _alarms.Min.Time;

    public void Mark(ServiceKey key)
    {
        if (_dirty.Add(key))
        {
            _queue.Enqueue(key);
        }
    }

    /// <summary>Marks every service that is or should be.</summary>
    public void MarkAll()
    {
        foreach (var architecture in state.Architectures.All.OrderBy(architecture => architecture.Name, StringComparer.Ordinal))
        {
            MarkArchitecture(architecture);
        }

        PlacementDue = true;
    }

    public bool TryTake(out ServiceKey key)
    {
        if (!_queue.TryDequeue(out key))
        {
            return false;
        }

        _dirty.Remove(key);
        return true;
    }

    /// <summary>Looks at a service again at a time, or earlier if another alarm says so.</summary>
    public void WakeAt(ServiceKey key, DateTimeOffset? time)
    {
        if (time is not { } at || (_alarmOf.TryGetValue(key, out var earlier) && earlier <= at))
        {
            return;
        }

        if (_alarmOf.Remove(key, out var later))
        {
            _alarms.Remove((later, key));
        }

        _alarmOf[key] = at;
        _alarms.Add((at, key));
    }

    /// <summary>Marks what is due.</summary>
    public void Ring(DateTimeOffset now)
    {
        while (_alarms.Count > 0 && _alarms.Min is var (time, key) && time <= now)
        {
            _alarms.Remove((time, key));
            _alarmOf.Remove(key);
            Mark(key);
        }
    }

    /// <summary>A service that waits for others is looked at whenever one of these moves on.</summary>
    /// <param name="key">The service.</param>
    /// <param name="services">Whom it waits for, in its own architecture; empty: nobody.</param>
    /// <returns>Whether it waited until now.</returns>
    public bool WaitFor(ServiceKey key, IReadOnlySet<string> services) => _waits.Set(key, services);

    /// <summary>Takes note of a change.</summary>
    public void Observe(object? before, object? after)
    {
        switch (after ?? before)
        {
            case Instance:
                ObserveInstance(before as Instance, after as Instance);
                break;
            case Node:
                ObserveNode(before as Node, after as Node);
                break;
            case Architecture changed when before is Architecture old && after is Architecture now && (old.CurrentSet != now.CurrentSet || old.Destroyed != now.Destroyed):
                MarkArchitecture(old);
                MarkArchitecture(now);
                break;
            case Architecture changed when before is null:
                MarkArchitecture(changed);
                break;
            case Service service when before is null:
                Mark(service.Key);
                break;
            case Service service when after is Service now && !((Service)before).Whole.Equals(now.Whole):
                MarkWaiting(service.Key);
                break;
        }
    }

    private void MarkArchitecture(Architecture architecture)
    {
        foreach (var service in state.ServicesOf(architecture.Name))
        {
            Mark(service.Key);
        }

        if (state.Set(architecture.Name, architecture.CurrentSet) is { } set)
        {
            foreach (var name in set.Spec.Services.Keys)
            {
                Mark(new ServiceKey(architecture.Name, name));
            }
        }
    }

    private void MarkWaiting(ServiceKey key)
    {
        foreach (var waiting in _waits.For(key))
        {
            Mark(waiting);
        }
    }

    private void ObserveInstance(Instance? before, Instance? after)
    {
        var key = (after ?? before)!.ServiceKey;
        Mark(key);
        if ((after?.InDiscovery == true && before?.InDiscovery != true) || after is null || (after.Stopped && before?.Stopped != true))
        {
            MarkWaiting(key);
        }

        var waits = after is { Node: null, Goal: AssignmentGoal.Run, Phase: InstancePhase.Provision };
        var waited = before is { Node: null, Goal: AssignmentGoal.Run, Phase: InstancePhase.Provision };
        if (waits && !waited)
        {
            if (!_unplaced.TryGetValue(key, out var ids))
            {
                _unplaced[key] = ids = [];
            }

            ids.Add(after!.Id);
            PlacementDue = true;
        }
        else if (waited && !waits && _unplaced.TryGetValue(key, out var ids))
        {
            ids.Remove(before!.Id);
            if (ids.Count == 0)
            {
                _unplaced.Remove(key);
            }
        }

        // Room appears when an instance goes, or stops being anywhere.
        if (before?.Node is not null && (after?.Node != before.Node || (after.Stopped && !before.Stopped)))
        {
            PlacementDue = true;
        }
    }

    private void ObserveNode(Node? before, Node? after)
    {
        PlacementDue = true;
        if (before?.Draining == after?.Draining && before?.Status == after?.Status && Equals(before?.Labels, after?.Labels))
        {
            return;
        }

        foreach (var instance in state.InstancesOn((after ?? before)!.Name).Values.OrderBy(instance => instance.Key, StringComparer.Ordinal))
        {
            Mark(instance.ServiceKey);
        }
    }
}
