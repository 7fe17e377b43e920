using Tutti.Control.Loop;
using Tutti.Control.Rollouts;
using Tutti.Control.State;
using Tutti.Decisions.Recovery;
using Tutti.Model.Agents;
using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest;
using Tutti.Model.Quantities;

namespace Tutti.Control.Recovery;

/// <summary>Cattle are replaced, pets are saved: decides about instances that have failed.</summary>
internal sealed class RecoveryReconciler(Workspace work, OperationLog operations, Verdict verdict, RolloutSteps steps)
{
    /// <summary>Handles every failed instance of a service and returns the service as it is then.</summary>
    public Service Reconcile(Service service, ServiceSpec spec)
    {
        ReleaseFromLostNodes(service);
        var failed = work.State.InstancesOf(service.Key).Values
            .Where(instance => instance.Phase == InstancePhase.Failed)
            .OrderBy(instance => instance.Id, StringComparer.Ordinal)
            .ToList();
        foreach (var instance in failed)
        {
            service = instance.Ordinal < 0 || spec.Kind != ServiceKind.Pet ? Replace(service, spec, instance) : Save(service, spec, instance);
        }

        return service;
    }

    /// <summary>A pet that was to stop when its node was lost: once its agent must have stopped it, nothing of it runs any more.</summary>
    private void ReleaseFromLostNodes(Service service)
    {
        var held = work.State.InstancesOf(service.Key).Values
            .Where(pet => pet is { Ordinal: >= 0, Goal: AssignmentGoal.Stop, Stopped: false } && work.SpecOf(pet)?.Volumes.Count is null or 0)
            .OrderBy(pet => pet.Id, StringComparer.Ordinal)
            .ToList();
        foreach (var pet in held)
        {
            if (work.State.Nodes.Find(pet.Node ?? "") is not { Status: NodeStatus.Lost } node)
            {
                continue;
            }

            var safe = node.Since + work.Options.PetGrace;
            if (safe > work.Now)
            {
                work.Agenda.WakeAt(service.Key, safe);
            }
            else
            {
                work.Put(pet with { Stopped = true });
            }
        }
    }

    private Service Replace(Service service, ServiceSpec spec, Instance instance)
    {
        if (instance.Goal == AssignmentGoal.Stop)
        {
            return service;
        }

        work.Put(instance with { Goal = AssignmentGoal.Stop });
        var ranFor = instance.RunSince is { } since ? instance.Since - since : (TimeSpan?)null;
        var (streak, wait) = RecoveryPlanner.AfterCattleFailure(spec.Recover, service.FailureStreak, ranFor, work.Random.NextDouble());
        service = service with
        {
            FailureStreak = streak,
            NotBefore = wait == TimeSpan.Zero ? service.NotBefore : work.Now + wait,
            LastFailure = Verdict.Describe(instance),
        };
        work.Put(service);
        return service;
    }

    private Service Save(Service service, ServiceSpec spec, Instance pet)
    {
        if (pet.Goal == AssignmentGoal.Stop)
        {
            return service;
        }

        var node = work.State.Nodes.Find(pet.Node ?? "");
        if (node is { Status: NodeStatus.Lost })
        {
            return SaveFromLostNode(service, spec, pet, node);
        }

        if (!pet.Stopped && node is not null)
        {
            // Never two: its agent has to say that nothing of it is left.
            return service;
        }

        if (pet.NotBefore is { } notBefore)
        {
            if (notBefore > work.Now)
            {
                work.Agenda.WakeAt(service.Key, notBefore);
            }
            else
            {
                steps.StartAgain(pet, service, CurrentSet(service), spec, $"restart {pet.Attempt} after: {pet.Reason}");
            }

            return service;
        }

        return service.Status == ServiceStatus.Failed ? service : Decide(service, spec, pet);
    }

    private Service Decide(Service service, ServiceSpec spec, Instance pet)
    {
        if (pet.LeaseLost)
        {
            // Nothing was wrong with it: its agent could not reach the server. Not at once, as it may not be able to yet.
            var next = work.Now + spec.Recover.BackoffMin;
            work.Put(pet with { NotBefore = next });
            work.Agenda.WakeAt(service.Key, next);
            return service;
        }

        var (restarts, at) = RecoveryPlanner.AfterPetFailure(spec.Recover, service.Restarts, work.Now, work.Random.NextDouble());
        service = service with { Restarts = restarts, LastFailure = Verdict.Describe(pet) };
        work.Put(service);
        if (at is { } time)
        {
            work.Put(pet with { NotBefore = time });
            work.Agenda.WakeAt(service.Key, time);
            work.Agenda.Mark(service.Key);
            return service;
        }

        var reason = $"{pet.Id} was restarted {spec.Recover.Restarts} times within {Durations.Format(spec.Recover.Within)}; {Verdict.Describe(pet)}";
        if (operations.Current(service) is { } operation)
        {
            service = verdict.Fail(service, spec, operation, reason);
            if (operation.Kind != OperationKind.Scale)
            {
                return service;
            }
        }

        service = work.SetStatus(service, ServiceStatus.Failed, reason);
        work.Journal(
            EventKind.Alert,
            $"{service.Name} failed and waits for 'tutti resume {service.Name}': {reason}",
            service.Architecture,
            service.Name,
            pet.Id,
            pet.Node);
        return service;
    }

    /// <summary>With volumes it waits for its node. Without, it goes elsewhere once its agent must have stopped it.</summary>
    private Service SaveFromLostNode(Service service, ServiceSpec spec, Instance pet, Node node)
    {
        if (spec.Volumes.Count > 0)
        {
            return service;
        }

        var safe = node.Since + work.Options.PetGrace;
        if (safe > work.Now)
        {
            work.Agenda.WakeAt(service.Key, safe);
        }
        else
        {
            steps.StartAgain(pet, service, CurrentSet(service), spec, $"its node {node.Name} is lost and its lease has run out");
        }

        return service;
    }

    private VersionSet CurrentSet(Service service) => work.State.Set(service.Architecture, service.Target!.Set)!;
}
