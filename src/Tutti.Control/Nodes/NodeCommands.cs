using System.Collections.Immutable;
using Tutti.Control.Commands;
using Tutti.Control.Loop;
using Tutti.Control.Rollouts;
using Tutti.Control.State;
using Tutti.Model.Agents;
using Tutti.Model.Lifecycle;

namespace Tutti.Control.Nodes;

/// <summary>Register, drain and remove a node.</summary>
internal sealed class NodeCommands(Workspace work, Pulses pulses, NodeReconciler reconciler, string clusterId)
{
    public CommandResult Register(RegisterNode command)
    {
        var asked = command.Registration;
        if (asked.ClusterId is { } other && other != clusterId)
        {
            return Refuse.With(
                "wrong-cluster",
                $"agent {asked.Name} belongs to cluster {other}, this is {clusterId}: give it another data folder, or join the server it came from");
        }

        var before = work.State.Nodes.Find(asked.Name);
        if (before is { Agent: { } known } && asked.Agent is { } claimant && known != claimant && !IsGivenUp(before))
        {
            return Refuse.With(
                "name-taken",
                $"another agent is node {asked.Name} already, and two would run its instances twice: give this agent a name of its own with --name, "
                + $"or start it on the data folder of the other; if that one is gone for good, wait until {asked.Name} is lost, or remove it");
        }

        var node = new Node
        {
            Name = asked.Name,
            Status = NodeStatus.Ready,
            Since = before is { Status: NodeStatus.Ready } ? before.Since : work.Now,
            Session = asked.Session,
            Agent = asked.Agent,
            Address = asked.Address,
            Labels = asked.Labels,
            Capacity = asked.Capacity,
            Draining = before?.Draining ?? false,
        };
        pulses.Hear(asked.Name, work.Now, null);
        reconciler.CheckSoon();
        work.Put(node);
        if (before is not { Status: NodeStatus.Ready })
        {
            work.Journal(
                EventKind.Node,
                before is null ? $"node {node.Name} joined" : $"node {node.Name} is back",
                node: node.Name,
                from: before?.Status.ToString(),
                to: NodeStatus.Ready.ToString());
        }

        return new CommandResult();
    }

    public CommandResult Drain(DrainNode command)
    {
        if (work.State.Nodes.Find(command.Node) is not { } node)
        {
            return Refuse.NotFound("node", command.Node, work.State.Nodes.All.Select(each => each.Name));
        }

        var staying = command.Draining
            ? work.State.InstancesOn(node.Name).Values.Where(HasVolumes).OrderBy(pet => pet.Key, StringComparer.Ordinal).Select(pet => (Pet: pet, Note: Stays(pet, node))).ToImmutableArray()
            : [];
        var result = new CommandResult { Notes = [.. staying.Select(each => each.Note)] };
        if (node.Draining == command.Draining)
        {
            return result with { Changed = false };
        }

        work.Put(node with { Draining = command.Draining });
        work.Journal(EventKind.Node, command.Draining ? $"{command.Author} drains {node.Name}" : $"{command.Author} opens {node.Name} again", node: node.Name);
        foreach (var (pet, note) in staying)
        {
            work.Journal(EventKind.Alert, note, pet.Architecture, pet.Service, pet.Id, node.Name);
        }

        return result;
    }

    public CommandResult Remove(RemoveNode command)
    {
        if (work.State.Nodes.Find(command.Node) is not { } node)
        {
            return Refuse.NotFound("node", command.Node, work.State.Nodes.All.Select(each => each.Name));
        }

        var instances = work.State.InstancesOn(node.Name).Values.OrderBy(instance => instance.Key, StringComparer.Ordinal).ToList();
        if (node.Status != NodeStatus.Lost && instances.Count > 0)
        {
            return Refuse.With("conflict", $"node {node.Name} is {node.Status} and runs {OperationLog.Instances(instances.Count)}: drain it first with 'tutti drain {node.Name}', or stop its agent");
        }

        foreach (var home in work.State.Homes.All.Where(home => home.Node == node.Name).ToList())
        {
            work.Put(home with { Node = null });
        }

        foreach (var instance in instances)
        {
            work.Remove(instance);
            work.Agenda.Mark(instance.ServiceKey);
        }

        work.Remove(node);
        work.Journal(EventKind.Node, $"{command.Author} removed node {node.Name} with {OperationLog.Instances(instances.Count)}", node: node.Name, from: node.Status.ToString());
        return new CommandResult();
    }

    /// <summary>Whether its pets must have been stopped by now, so that another machine may take its name.</summary>
    private bool IsGivenUp(Node node) => node.Status == NodeStatus.Lost && work.Now >= node.Since + work.Options.PetGrace;

    private static string Stays(Instance pet, Node node) =>
        $"{pet.Id} keeps its volumes on {node.Name} and stays while the node drains; stop it by scaling {pet.Service} in, or undo the drain";

    private bool HasVolumes(Instance instance) => work.SpecOf(instance)?.Volumes.Count > 0;
}
