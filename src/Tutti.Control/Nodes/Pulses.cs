using System.Collections.Concurrent;
using Tutti.Control.Loop;
using Tutti.Model.Agents;

namespace Tutti.Control.Nodes;

/// <summary>What was last heard of nodes and measured of instances. Not durable: after a restart every node has a whole lease to speak up.</summary>
internal sealed class Pulses
{
    private readonly ConcurrentDictionary<string, NodePulse> _nodes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, NodeCapacity> _usage = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Session, long Sequence)> _sequences = new(StringComparer.Ordinal);

    public NodePulse? Of(string node) => _nodes.GetValueOrDefault(node);

    public NodeCapacity? Usage(string instanceKey) => _usage.GetValueOrDefault(instanceKey);

    /// <summary>When it was last heard from; a node never heard from in this run counts from now.</summary>
    public DateTimeOffset HeardAt(string node, DateTimeOffset now) => _nodes.GetOrAdd(node, _ => new NodePulse(now, null)).HeardAt;

    public void Hear(string node, DateTimeOffset now, NodeCapacity? used) =>
        _nodes.AddOrUpdate(node, new NodePulse(now, used), (_, before) => new NodePulse(now, used ?? before.Used));

    public void Measure(string instanceKey, NodeCapacity? used)
    {
        if (used is not null)
        {
            _usage[instanceKey] = used;
        }
    }

    /// <summary>Whether a report is newer than every one before it in its session.</summary>
    public bool IsNewer(string node, string session, long sequence)
    {
        if (_sequences.TryGetValue(node, out var last) && last.Session == session && sequence <= last.Sequence)
        {
            return false;
        }

        _sequences[node] = (session, sequence);
        return true;
    }

    public void Forget(object? before, object? after)
    {
        if (after is null && before is State.Instance instance)
        {
            _usage.TryRemove(instance.Key, out _);
        }
        else if (after is null && before is State.Node node)
        {
            _nodes.TryRemove(node.Name, out _);
            _sequences.Remove(node.Name);
        }
    }
}
