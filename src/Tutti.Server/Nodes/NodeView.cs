using Tutti.Control.State;
using Tutti.Model.Agents;
using Tutti.Model.Manifest;
using Tutti.Model.Quantities;
using Tutti.Server.Api;
using Tutti.Server.Loop;

namespace Tutti.Server.Nodes;

/// <summary>What is shown of nodes, computed from the committed state and from what was last heard.</summary>
internal static class NodeView
{
    public static NodeDocument Of(ClusterState state, IControl control, Node node)
    {
        var instances = state.InstancesOn(node.Name).Values.ToList();
        var used = new NodeCapacity(Cpu.Zero, ByteSize.Zero);
        foreach (var instance in instances.Where(i => !i.Stopped))
        {
            var asked = state.Set(instance.Architecture, instance.Set)?.Spec.Services.GetValueOrDefault(instance.Service)?.Resources ?? new ResourceSpec();
            used = new NodeCapacity(used.Cpu + asked.Cpu, used.Memory + asked.Memory);
        }

        var pulse = control.Pulse(node.Name);
        return new NodeDocument
        {
            Name = node.Name,
            State = (node.Status, node.Draining, instances.Count) switch
            {
                (NodeStatus.Lost, _, _) => "Lost",
                (_, true, 0) => "Drained",
                (_, true, _) => "Draining",
                _ => "Ready",
            },
            Labels = node.Labels,
            Capacity = node.Capacity,
            Used = used,
            Measured = pulse?.Used,
            Address = node.Address,
            Instances = instances.Count,
            Since = node.Since,
            HeardAt = pulse?.HeardAt,
        };
    }
}
