using Tutti.Control.Loop;
using Tutti.Control.State;
using Tutti.Model.Agents;
using Tutti.Model.Lifecycle;

namespace Tutti.Control.Nodes;

/// <summary>Notices nodes that fell silent and takes what ran there out of discovery.</summary>
internal sealed class NodeReconciler(Workspace work, Pulses pulses)
{
    private DateTimeOffset _hearingSince = DateTimeOffset.MinValue;

    /// <summary>When to look again, at least once a heartbeat; null: there is no node to watch.</summary>
    public DateTimeOffset? NextCheck { get; private set; }

    /// <summary>A node came or came back: look at all of them again.</summary>
    public void CheckSoon() => NextCheck = work.Now;

    /// <summary>Marks as lost every node that has been silent for longer than its lease.</summary>
    public void Reconcile()
    {
        if (NextCheck is { } due && due > work.Now)
        {
            return;
        }

        if (work.Now - NextCheck > work.Options.NodeLease / 4)
        {
            // The server itself stood still, so it could not hear anybody: as after a restart, every node has a whole lease to speak up.
            _hearingSince = work.Now;
        }

        NextCheck = null;
        foreach (var node in work.State.Nodes.All.Where(node => node.Status == NodeStatus.Ready).OrderBy(node => node.Name, StringComparer.Ordinal).ToList())
        {
            var heard = pulses.HeardAt(node.Name, work.Now);
            var expires = (heard > _hearingSince ? heard : _hearingSince) + work.Options.NodeLease;
            if (expires <= work.Now)
            {
                Lose(node);
            }
            else if (NextCheck is null || expires < NextCheck)
            {
                NextCheck = expires;
            }
        }

        if (NextCheck > work.Now + work.Options.Heartbeat)
        {
            NextCheck = work.Now + work.Options.Heartbeat;
        }
    }

    private void Lose(Node node)
    {
        var reason = $"node {node.Name} has not been heard from for {(int)work.Options.NodeLease.TotalSeconds}s";
        work.Put(node with { Status = NodeStatus.Lost, Since = work.Now });
        work.Journal(EventKind.Node, reason, node: node.Name, from: NodeStatus.Ready.ToString(), to: NodeStatus.Lost.ToString());
        foreach (var instance in work.State.InstancesOn(node.Name).Values.OrderBy(instance => instance.Key, StringComparer.Ordinal).ToList())
        {
            if (instance.Phase is InstancePhase.Destroy or InstancePhase.Failed)
            {
                continue;
            }

            // Cattle are replaced at once and stopped if the node comes back; a pet stays as it is until it is known to be stopped.
            var failed = work.SetPhase(instance, InstancePhase.Failed, reason);
            work.Put(instance.Ordinal < 0 ? failed with { Goal = AssignmentGoal.Stop } : failed);
        }
    }
}
