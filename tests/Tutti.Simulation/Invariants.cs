using Tutti.Control.Commands;
using Tutti.Control.State;
using Tutti.Model.Agents;
using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest;

namespace Tutti.Simulation;

/// <summary>What must hold after every turn, whatever went wrong.</summary>
internal sealed class Invariants(SimServer server, IReadOnlyList<SimAgent> agents)
{
    private readonly Dictionary<int, string> _sets = [];
    private readonly HashSet<string> _releases = [];
    private readonly HashSet<int> _acknowledged = [];

    /// <summary>A set that somebody was told of must stay for ever.</summary>
    public void Acknowledged(CommandResult result)
    {
        if (result is { Accepted: true, Set: { } set })
        {
            _acknowledged.Add(set);
        }
    }

    public void CheckBatch(CommittedBatch batch)
    {
        var deprived = ProviderInvariant.Broken(server.Committed, batch);
        Require(deprived is null, deprived ?? "");
        foreach (var change in batch.Changes)
        {
            switch (change.After)
            {
                case Event { Kind: EventKind.Status, From: { } from, To: { } to }:
                    Require(ServiceLifecycle.Allows(Enum.Parse<ServiceStatus>(from), Enum.Parse<ServiceStatus>(to)), $"status {from} → {to}");
                    break;
                case Event { Kind: EventKind.Phase, From: { } from, To: { } to }:
                    Require(InstanceLifecycle.Allows(Enum.Parse<InstancePhase>(from), Enum.Parse<InstancePhase>(to)), $"phase {from} → {to}");
                    break;
                case VersionSet set:
                    Require(_sets.TryAdd(set.Number, set.ContentHash) || _sets[set.Number] == set.ContentHash, $"set {set.Number} was edited");
                    break;
                case Release release:
                    Require(_releases.Add(change.Key.Key), $"release {release.Service} {release.Version} was edited");
                    break;
                case Service after when change.Before is Service before && before.Status != after.Status:
                    Require(
                        batch.Changes.Any(other => other.After is Event { Kind: EventKind.Status } e && e.Service == after.Name && e.To == after.Status.ToString()),
                        $"{after.Name} went from {before.Status} to {after.Status} without a line in the journal");
                    break;
            }
        }
    }

    /// <summary>Every release of a set accepts the others in it.</summary>
    public void CheckAccepted(ArchitectureSpec spec)
    {
        foreach (var (consumer, service) in spec.Services)
        {
            foreach (var (provider, dependency) in service.DependsOn)
            {
                Require(
                    spec.Services.GetValueOrDefault(provider)?.Version is { } version && dependency.Accepts.Accepts(version),
                    $"{consumer} {service.Version} accepts {provider} {dependency.Accepts}, not {spec.Services.GetValueOrDefault(provider)?.Version}");
            }
        }
    }

    public void Check()
    {
        var state = server.Committed;
        foreach (var set in _acknowledged)
        {
            Require(state.Set("shop", set) is not null, $"set {set} was acknowledged and is gone");
        }

        CheckCapacity(state);
        CheckPets();
        foreach (var service in state.ServicesOf("shop"))
        {
            var running = state.Operations.Values.Count(operation => operation.Service == service.Name && operation.Ended is null);
            Require(running <= 1, $"{service.Name} has {running} operations in progress");
            foreach (var instance in state.InstancesOf(service.Key).Values)
            {
                Require(!instance.InDiscovery || instance.Node is not null, $"{instance.Id} is in discovery without a node");
            }
        }
    }

    /// <summary>Everything is as the current set asks, on the books and in the world, and nothing else runs.</summary>
    public void CheckConverged(DateTimeOffset now)
    {
        var state = server.Committed;
        var architecture = state.Architectures.Find("shop")!;
        var set = state.Set("shop", architecture.CurrentSet)!;
        foreach (var (name, spec) in set.Spec.Services)
        {
            var service = state.Service(new ServiceKey("shop", name));
            Require(
                service is { Status: ServiceStatus.Run, Health: ServiceHealth.Healthy, Operation: null },
                $"{name} is {service?.Status} {service?.Health} {service?.Operation} at {now:HH:mm:ss} because {service?.Cause}; {service?.Unplaced}; {string.Join(", ", state.InstancesOf(new("shop", name)).Values.Select(Describe))}; {string.Join(", ", agents.SelectMany(agent => agent.Processes.Select(process => $"{agent.Name}:{process.Key}#{process.Attempt} {process.Phase} {process.Running} {process.Stopped}")))}");
            var instances = state.InstancesOf(service!.Key).Values.ToList();
            Require(instances.Count == spec.Instances.Min && instances.All(instance => instance.InDiscovery && instance.Version.Equals(spec.Version)), $"{name}: {string.Join(", ", instances.Select(Describe))}");
        }

        var booked = state.Instances.All.Select(instance => $"{instance.Node}:{instance.Key}#{instance.Attempt}").Order(StringComparer.Ordinal);
        var real = agents.SelectMany(agent => agent.Processes.Where(process => process.Running).Select(process => $"{agent.Name}:{process.Key}#{process.Attempt}")).Order(StringComparer.Ordinal);
        Require(booked.SequenceEqual(real), $"booked {string.Join(", ", booked)} but really {string.Join(", ", real)}");
    }

    private void CheckCapacity(ClusterState state)
    {
        foreach (var node in state.Nodes.All)
        {
            long cpu = 0, memory = 0;
            foreach (var instance in state.InstancesOn(node.Name).Values.Where(instance => !instance.Stopped))
            {
                var spec = state.Set(instance.Architecture, instance.Set)!.Spec.Services[instance.Service];
                cpu += spec.Resources.Cpu.Millis;
                memory += spec.Resources.Memory.Bytes;
            }

            Require(cpu <= node.Capacity.Cpu.Millis && memory <= node.Capacity.Memory.Bytes, $"{node.Name} is over its capacity: {cpu}m, {memory} bytes");
        }
    }

    /// <summary>A pet never runs twice, in the world itself.</summary>
    private void CheckPets()
    {
        var twice = agents.SelectMany(agent => agent.Processes)
            .Where(process => process is { IsPet: true, Running: true })
            .GroupBy(process => process.Key)
            .FirstOrDefault(group => group.Count() > 1);
        Require(twice is null, $"{twice?.Key} runs {twice?.Count()} times");
    }

    private static string Describe(Instance instance) =>
        $"{instance.Id}#{instance.Attempt} {instance.Version} {instance.Phase}{(instance.Goal == AssignmentGoal.Stop ? " stopping" : "")}{(instance.Stopped ? " stopped" : "")} on {instance.Node ?? "no node"} {instance.Reason}";

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new InvariantException(message);
        }
    }
}

/// <summary>Something that must always hold did not.</summary>
internal sealed class InvariantException(string message) : Exception(message);
