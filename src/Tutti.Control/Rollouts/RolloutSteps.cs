using System.Collections.Immutable;
using Tutti.Control.Loop;
using Tutti.Control.State;
using Tutti.Decisions.Placement;
using Tutti.Decisions.Rollouts;
using Tutti.Model.Agents;
using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest;

namespace Tutti.Control.Rollouts;

/// <summary>Shows a service to the planner and records the steps it decides.</summary>
internal sealed class RolloutSteps(Workspace work)
{
    /// <summary>The service as the planner sees it.</summary>
    /// <param name="service">The service; its target is what the planner aims at.</param>
    /// <param name="spec">The entry of that target.</param>
    /// <param name="operation">The operation in progress, if any.</param>
    /// <param name="blocked">True: nothing may be started.</param>
    /// <param name="held">Sides that are kept as they are; their instances are left out.</param>
    public RolloutSnapshot Snapshot(Service service, ServiceSpec spec, Operation? operation, bool blocked, ImmutableArray<OldSide> held)
    {
        var instances = work.State.InstancesOf(service.Key).Values.Where(instance => !held.Any(side => side.Version.Equals(instance.Version)));
        return new RolloutSnapshot
        {
            Now = work.Now,
            Template = service.Target!.Template,
            Wanted = service.Target.Count,
            Kept = Kept(service),
            Kind = spec.Kind,

            // A service that never ran has nobody to be careful with.
            Policy = operation is { Kind: OperationKind.Provision } ? spec.Update with { Strategy = UpdateStrategy.Rolling } : spec.Update,
            NotBefore = service.NotBefore,
            Paused = service.Paused,
            Blocked = blocked,
            Step = operation?.Step ?? 0,
            HeldSince = operation?.HeldSince,
            Instances = [.. instances.Where(instance => Counts(instance, spec)).Select(instance => new RolloutInstance
            {
                Id = instance.Id,
                Version = instance.Version,
                Template = instance.Template,
                Phase = instance.Phase,
                RunSince = instance.RunSince,
                Stopping = instance.Goal == AssignmentGoal.Stop,
                Stopped = instance.Stopped,
                MustMove = MustMove(instance, spec),
                Withheld = instance.Withheld,
                Placed = instance.Node is not null,
                Ordinal = instance.Ordinal,
                Created = instance.Created,
            })],
        };
    }

    /// <summary>What the planner decides. Who calls the service is looked up only where something that serves is to stop: that takes a look at every caller.</summary>
    public RolloutPlan Plan(Service service, RolloutSnapshot snapshot)
    {
        var plan = RolloutPlanner.Plan(snapshot);
        return plan.Stop.IsEmpty || snapshot.Kind == ServiceKind.Pet ? plan
            : RolloutPlanner.Plan(snapshot with { Callers = Callers.Of(work.State, service.Key) });
    }

    /// <summary>A paused service keeps the number that it last ran with, whatever has been asked for since.</summary>
    private int? Kept(Service service) =>
        service.StableSet is { } stable ? work.State.Set(service.Architecture, stable)?.Spec.Services.GetValueOrDefault(service.Name)?.Instances.Min : null;

    /// <summary>Records a plan.</summary>
    public void Apply(Service service, VersionSet set, ServiceSpec spec, RolloutSnapshot snapshot, RolloutPlan plan)
    {
        var stop = Math.Min(plan.Stop.Length, work.Budget);
        foreach (var (id, cause) in plan.Stop.AsSpan()[..stop])
        {
            Stop(work.State.InstancesOf(service.Key)[id], cause);
        }

        work.Budget -= stop;

        foreach (var id in plan.Reveal)
        {
            work.Put(work.State.InstancesOf(service.Key)[id] with { Withheld = false });
        }

        foreach (var id in plan.RestartInPlace)
        {
            StartAgain(work.State.InstancesOf(service.Key)[id], service, set, spec, "started again in place");
        }

        foreach (var ordinal in plan.StartPets)
        {
            Create(service, set, spec, $"{service.Name}-{ordinal}", ordinal, withheld: false);
        }

        var start = Math.Min(plan.Start, Math.Max(0, work.Budget));
        for (var i = 0; i < start; i++)
        {
            Create(service, set, spec, NewId(service), -1, plan.StartWithheld);
        }

        work.Budget -= start;
        if (start + plan.StartPets.Length > 0)
        {
            work.Journal(
                EventKind.Phase,
                $"{OperationLog.Instances(start + plan.StartPets.Length)} of {spec.Version} decided",
                service.Architecture,
                service.Name,
                to: InstancePhase.Provision.ToString());
        }

        if (start < plan.Start || stop < plan.Stop.Length)
        {
            work.Agenda.Mark(service.Key);
        }

        Bury(service.Key, pet => spec.Kind != ServiceKind.Pet || pet.Ordinal >= snapshot.Wanted);
    }

    /// <summary>Decides that an instance stops; one that never got a node is gone at once.</summary>
    public void Stop(Instance instance, string cause)
    {
        if (instance.Goal == AssignmentGoal.Stop)
        {
            return;
        }

        if (instance.Node is null)
        {
            work.Remove(instance);
            return;
        }

        if (instance.Phase is not (InstancePhase.Failed or InstancePhase.Destroy))
        {
            instance = work.SetPhase(instance, InstancePhase.Destroy, cause);
        }

        work.Put(instance with { Goal = AssignmentGoal.Stop });
    }

    /// <summary>Decides that everything of a service stops.</summary>
    public void StopAll(ServiceKey key, string cause)
    {
        foreach (var instance in work.State.InstancesOf(key).Values.Where(instance => instance.Goal == AssignmentGoal.Run).OrderBy(instance => instance.Id, StringComparer.Ordinal).ToList())
        {
            Stop(instance, cause);
        }
    }

    /// <summary>Starts a stopped or failed pet again under its own name, with what is wanted now.</summary>
    public void StartAgain(Instance pet, Service service, VersionSet set, ServiceSpec spec, string cause)
    {
        var moves = spec.Volumes.Count == 0 && (MustMove(pet, spec) || work.State.Nodes.Find(pet.Node ?? "")?.Status == NodeStatus.Lost);
        var again = work.SetPhase(pet, InstancePhase.Provision, cause) with
        {
            Version = spec.Version!,
            Set = set.Number,
            Template = service.Target!.Template,
            Attempt = NextAttempt(pet.Architecture, pet.Id),
            Goal = AssignmentGoal.Run,
            Node = moves ? null : pet.Node,
            NotBefore = null,
            Stopped = false,
            Pid = null,
            StartedAt = null,
            ExitCode = null,
            LeaseLost = false,
            LogTail = [],
        };
        work.Put(again);
    }

    /// <summary>Forgets instances of which nothing runs any more.</summary>
    public void Bury(ServiceKey key, Func<Instance, bool> petGoes)
    {
        foreach (var instance in work.State.InstancesOf(key).Values.ToList())
        {
            var gone = instance.Stopped || instance.Node is null;
            if (instance.Goal == AssignmentGoal.Stop && gone && (instance.Ordinal < 0 || petGoes(instance)))
            {
                work.Remove(instance);
            }
        }
    }

    /// <summary>What stopped is only buried; what stops on a lost node must not hold anything up: it may never be heard of again.</summary>
    private bool Counts(Instance instance, ServiceSpec spec) =>
        (instance.Ordinal >= 0 && spec.Kind == ServiceKind.Pet)
        || instance.Goal != AssignmentGoal.Stop
        || (!instance.Stopped && work.State.Nodes.Find(instance.Node ?? "")?.Status == NodeStatus.Ready);

    private bool MustMove(Instance instance, ServiceSpec spec)
    {
        if (instance.Node is null || work.State.Nodes.Find(instance.Node) is not { } node || node.Status == NodeStatus.Lost)
        {
            return false;
        }

        // Volumes stay where they are: such a pet is not moved, and a drain waits for a person.
        return node.Draining && spec.Volumes.Count == 0;
    }

    private void Create(Service service, VersionSet set, ServiceSpec spec, string id, int ordinal, bool withheld) =>
        work.Put(new Instance
        {
            Id = id,
            Architecture = service.Architecture,
            Service = service.Name,
            Version = spec.Version!,
            Set = set.Number,
            Template = service.Target!.Template,
            Phase = InstancePhase.Provision,
            Attempt = ordinal < 0 ? 1 : NextAttempt(service.Architecture, id),
            Since = work.Now,
            Created = work.Now,
            Ordinal = ordinal,
            Withheld = withheld,
        });

    /// <summary>Rises for ever, also over the pet's end and return.</summary>
    private int NextAttempt(string architecture, string id)
    {
        var home = work.State.Homes.Find($"{architecture}/{id}") ?? new PetHome(architecture, id, null, 0);
        work.Put(home with { Attempt = home.Attempt + 1 });
        return home.Attempt + 1;
    }

    /// <summary>Short, random, unlike any that is: an id is never used twice while anyone may remember the first.</summary>
    private string NewId(Service service)
    {
        const string Alphabet = "23456789abcdefghjkmnpqrstvwxyz";
        while (true)
        {
            var id = string.Create(service.Name.Length + 8, (service.Name, work.Random), static (span, from) =>
            {
                from.Name.CopyTo(span);
                span[from.Name.Length] = '-';
                from.Random.GetItems(Alphabet, span[(from.Name.Length + 1)..]);
            });
            if (!work.State.InstancesOf(service.Key).ContainsKey(id))
            {
                return id;
            }
        }
    }
}
