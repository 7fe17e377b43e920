using Tutti.Control.Loop;
using Tutti.Control.State;
using Tutti.Control.Transitions;
using Tutti.Control.Versions;
using Tutti.Decisions.Rollouts;
using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest;
using Tutti.Model.Quantities;

namespace Tutti.Control.Rollouts;

/// <summary>Says when an operation is done, when it has failed, and what follows from that.</summary>
internal sealed class Verdict(Workspace work, OperationLog operations, SetWriter sets)
{
    private readonly TransitionLog _transitions = new(work);

    private const string LogHeading = "; last lines of its log:";

    /// <summary>Moves the status on where the plan says that all is as wanted, or that nothing moved for too long.</summary>
    public Service Reach(Service service, ServiceSpec spec, Operation? operation, RolloutSnapshot snapshot, RolloutPlan plan, bool waiting)
    {
        if (plan.Complete)
        {
            return Complete(service, operation);
        }

        if (service.Status == ServiceStatus.Provision && operation is not null && AllStarted(snapshot))
        {
            service = work.SetStatus(service, ServiceStatus.Ready, Started(snapshot.Wanted));
        }

        if (operation is null || waiting || service.Paused || plan.HeldSince is not null)
        {
            return service;
        }

        // A canary stands still on purpose for its hold; losing one of it near the end must leave time to make up for it.
        var held = snapshot.Policy.Strategy == UpdateStrategy.Canary && operation.Step < snapshot.Policy.Steps.Length ? operation.StepSince + spec.Update.Hold : (DateTimeOffset?)null;
        var deadline = Later(Later(operation.ProgressAt, held), StopsUntil(service, snapshot)) + spec.Update.Deadline;
        if (work.Now < deadline)
        {
            work.Agenda.WakeAt(service.Key, deadline);
            return service;
        }

        return Fail(service, spec, operation, Reason(service, spec, snapshot, plan));
    }

    /// <summary>By when those that were told to stop have stopped: an agent that drains and waits as it was asked to is no standstill.</summary>
    private DateTimeOffset? StopsUntil(Service service, RolloutSnapshot snapshot)
    {
        if (!snapshot.Instances.Any(instance => instance is { Stopping: true, Stopped: false, Phase: InstancePhase.Destroy }))
        {
            return null;
        }

        return work.State.InstancesOf(service.Key).Values
            .Where(instance => instance is { Phase: InstancePhase.Destroy, Stopped: false } && work.State.Nodes.Find(instance.Node ?? "")?.Status == NodeStatus.Ready)
            .Select(instance => work.SpecOf(instance)?.Stop is { } stop ? instance.Since + stop.Drain + stop.Grace : (DateTimeOffset?)null)
            .Max();
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset? b) => b > a ? b.Value : a;

    /// <summary>An operation has failed: go back where that is wanted and possible, otherwise the service is Failed.</summary>
    public Service Fail(Service service, ServiceSpec spec, Operation operation, string reason)
    {
        if (operation.Kind is OperationKind.Update or OperationKind.Provision && spec.Update.AutoRollback && Before(service, operation) is { } stable
            && RollBack(service, stable, spec, reason))
        {
            operations.End(operation, OperationState.RolledBack, reason);
            service = work.State.Service(service.Key)! with { Operation = null };
            work.Put(service);
            return service;
        }

        operations.End(operation, OperationState.Failed, reason);
        service = service with { Operation = null };
        if (operation.Kind == OperationKind.Scale)
        {
            // What ran goes on running, and the missing ones are tried for as long as they are wanted.
            GiveUp(service, spec, reason);
            return work.SetStatus(service, ServiceStatus.Run, $"scaling did not finish: {reason}");
        }

        service = work.SetStatus(service, ServiceStatus.Failed, reason);
        GiveUp(service, spec, reason);
        var waits = spec.Kind == ServiceKind.Pet ? $" and waits for 'tutti resume {service.Name}'" : "";
        work.Journal(EventKind.Alert, $"{service.Name} failed{waits}: {reason}", service.Architecture, service.Name);
        return service;
    }

    /// <summary>The transition has failed; it ends well all the same once a person has helped.</summary>
    private void GiveUp(Service service, ServiceSpec spec, string reason)
    {
        if (_transitions.Current(work.State.Architectures.Find(service.Architecture)) is { State: TransitionState.Running } stuck)
        {
            _transitions.End(stuck, TransitionState.Failed, $"{service.Name} {spec.Version}: {FirstLine(reason)}");
        }
    }

    private Service Complete(Service service, Operation? operation)
    {
        var target = service.Target!;
        if (operation is not null)
        {
            operations.End(operation, OperationState.Succeeded, null);
            service = service with { Operation = null };
        }

        if (service.StableSet != target.Set || service.LastFailure is not null || service.Unplaced is not null || operation is not null)
        {
            service = service with { StableSet = target.Set, LastFailure = null, Unplaced = null };
            work.Put(service);
        }

        var cause = $"{OperationLog.Instances(target.Count)} {(target.Count == 1 ? "is" : "are")} healthy";
        switch (service.Status)
        {
            case ServiceStatus.Run:
                return service;
            case ServiceStatus.Provision:
                service = work.SetStatus(service, ServiceStatus.Ready, Started(target.Count));
                break;
        }

        return work.SetStatus(service, ServiceStatus.Run, cause);
    }

    private static bool AllStarted(RolloutSnapshot snapshot) =>
        snapshot.Instances.Count(instance => instance.Live && instance.Template == snapshot.Template && instance.Phase is InstancePhase.Ready or InstancePhase.Run) >= snapshot.Wanted;

    /// <summary>What a failed transition goes back to: the set that last ran healthy as a whole, where it differs from the one that failed.</summary>
    private VersionSet? Before(Service service, Operation operation)
    {
        var architecture = work.State.Architectures.Find(service.Architecture)!;
        return architecture.StableSet is { } number
            && operation.ToSet == architecture.CurrentSet
            && work.State.Set(architecture.Name, number) is { } stable
            && work.State.Set(architecture.Name, architecture.CurrentSet) is { RollbackOf: null } current
            && stable.ContentHash != current.ContentHash ? stable : null;
    }

    /// <summary>A new set in which everything is as it last ran well: a step that failed takes its whole transition back. False: there is no way.</summary>
    private bool RollBack(Service service, VersionSet stable, ServiceSpec failed, string reason)
    {
        var architecture = work.State.Architectures.Find(service.Architecture)!;
        var message = $"automatic rollback to set {stable.Number}: {service.Name} {failed.Version} failed: {FirstLine(reason)}";
        var set = new NewSet(stable.Spec, stable.Number, "tutti", message, AllowGap: true, Failure: $"{service.Name} {failed.Version}: {FirstLine(reason)}");
        if (!sets.Make(architecture, set).Accepted)
        {
            return false;
        }

        work.Journal(EventKind.Alert, $"{service.Name} {failed.Version} failed and {architecture.Name} was rolled back to set {stable.Number}: {reason}", architecture.Name, service.Name);
        return true;
    }

    private string Reason(Service service, ServiceSpec spec, RolloutSnapshot snapshot, RolloutPlan plan)
    {
        var summary = $"{plan.Available} of {snapshot.Wanted} instances of {service.Name} {spec.Version} were healthy and nothing moved for {Durations.Format(spec.Update.Deadline)}";
        var telling = work.State.InstancesOf(service.Key).Values
            .Where(instance => instance.Template == snapshot.Template && instance.Reason is not null && instance.Phase is InstancePhase.Failed or InstancePhase.Ready or InstancePhase.Provision)
            .OrderBy(instance => instance.Phase == InstancePhase.Failed ? 0 : 1)
            .ThenBy(instance => instance.Id, StringComparer.Ordinal)
            .FirstOrDefault();
        var why = telling is { Phase: InstancePhase.Ready } or { LogTail.Length: > 0 } ? Describe(telling) : service.LastFailure ?? (telling is null ? null : Describe(telling));
        return service.Unplaced is { } unplaced && why is null ? $"{summary}; {unplaced}" : why is null ? summary : $"{summary}; {why}";
    }

    /// <summary>What an instance said: its reason, then the last lines of its log.</summary>
    public static string Describe(Instance instance)
    {
        var text = $"{instance.Id}: {instance.Reason}";
        return instance.LogTail.Length == 0 ? text : $"{text}{LogHeading}\n{string.Join('\n', instance.LogTail)}";
    }

    private static string Started(int count) => $"{OperationLog.Instances(count)} {(count == 1 ? "is" : "are")} started";

    /// <summary>Without the lines of the log, which have their place in the operation and the alert.</summary>
    private static string FirstLine(string text) => text.Split(LogHeading, 2)[0];
}
