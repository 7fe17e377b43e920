using System.Collections.Immutable;
using Tutti.Control.Loop;
using Tutti.Control.Recovery;
using Tutti.Control.State;
using Tutti.Control.Transitions;
using Tutti.Control.Versions;
using Tutti.Decisions.Rollouts;
using Tutti.Model.Agents;
using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest;

namespace Tutti.Control.Rollouts;

/// <summary>Brings one service a step nearer to what its current version set asks for. Looks at what is, never at what happened.</summary>
internal sealed class ServiceReconciler
{
    private readonly Workspace _work;
    private readonly OperationLog _operations;
    private readonly RecoveryReconciler _recovery;
    private readonly RolloutSteps _steps;
    private readonly Teardown _teardown;
    private readonly Verdict _verdict;
    private readonly TransitionLog _transitions;
    private readonly HeldSides _held;

    public ServiceReconciler(Workspace work)
    {
        _work = work;
        _transitions = new TransitionLog(work);
        _operations = new OperationLog(work);
        _verdict = new Verdict(work, _operations, new SetWriter(work));
        _steps = new RolloutSteps(work);
        _held = new HeldSides(work, _steps);
        _recovery = new RecoveryReconciler(work, _operations, _verdict, _steps);
        _teardown = new Teardown(work, _operations, _steps);
    }

    /// <summary>Takes the next small steps of a service.</summary>
    public void Reconcile(ServiceKey key)
    {
        var architecture = _work.State.Architectures.Find(key.Architecture);
        var set = architecture is null ? null : _work.State.Set(architecture.Name, architecture.CurrentSet);
        var spec = architecture is null or { Destroyed: true } ? null : set?.Spec.Services.GetValueOrDefault(key.Service);
        var wanted = spec is { External: null } ? Ensure(key, set!) : null;
        var gate = GateOf(key, architecture);
        if (gate.Closed && Stay(key) is { } stay)
        {
            // Others come first: until then it stays what it is, whatever the new set says.
            Advance(stay.Service, stay.Set, stay.Spec, gate);
        }
        else if (wanted is null)
        {
            _work.Agenda.WaitFor(key, ImmutableSortedSet<string>.Empty);
            _teardown.Reconcile(key, set, Absence(architecture, set, spec));
        }
        else
        {
            Advance(BeginWhereTheTargetMoved(wanted, set!, spec!), set!, spec!, gate);
        }

        _transitions.Settle(key.Architecture);
    }

    private TransitionGate GateOf(ServiceKey key, Architecture? architecture) =>
        architecture is null or { Destroyed: true }
            ? TransitionGate.Open
            : TransitionGate.Of(_work.State, _transitions.Current(architecture), _work.State.Service(key));

    /// <summary>What a service is at while it may not move on; null where it is at nothing yet.</summary>
    private (Service Service, VersionSet Set, ServiceSpec Spec)? Stay(ServiceKey key)
    {
        if (_work.State.Service(key) is not { Target: { } target, Status: not ServiceStatus.Destroy } service
            || _work.State.Set(key.Architecture, target.Set) is not { } set
            || set.Spec.Services.GetValueOrDefault(key.Service) is not { External: null } spec)
        {
            return null;
        }

        if (_operations.Current(service) is { } operation && operation.ToSet != _work.State.Architectures.Find(key.Architecture)!.CurrentSet)
        {
            _operations.End(operation, OperationState.Superseded, "superseded by a newer set");
            service = service with { Operation = null };
            _work.Put(service);
        }

        return (service, set, spec);
    }

    private void Advance(Service service, VersionSet set, ServiceSpec spec, TransitionGate gate)
    {
        service = _transitions.ForgetGoing(service, spec.Version, gate);
        service = _recovery.Reconcile(service, spec);
        Roll(service, set, spec, gate);
    }

    private static string Absence(Architecture? architecture, VersionSet? set, ServiceSpec? spec) =>
        architecture?.Destroyed == true ? "the architecture is destroyed"
        : spec is not null ? $"set {set!.Number} says that it is external"
        : $"set {set?.Number} has no such service";

    private Service Ensure(ServiceKey key, VersionSet set)
    {
        var cause = $"set {set.Number} by {set.Author}";
        if (_work.State.Service(key) is not { } service)
        {
            service = new Service
            {
                Architecture = key.Architecture,
                Name = key.Service,
                Status = ServiceStatus.Provision,
                Since = _work.Now,
                Cause = cause,
            };
            _work.Put(service);
            _work.Journal(EventKind.Status, cause, key.Architecture, key.Service, to: ServiceStatus.Provision.ToString());
        }
        else if (service.Status == ServiceStatus.Destroy)
        {
            service = _work.SetStatus(service with { Target = null, StableSet = null, Whole = [] }, ServiceStatus.Provision, cause);
        }

        return service;
    }

    private Service BeginWhereTheTargetMoved(Service service, VersionSet set, ServiceSpec spec)
    {
        var target = new ServiceTarget(set.Number, _work.Template(spec, service.Restart), spec.Instances.Min);
        if (service.Target == target)
        {
            return service;
        }

        var before = service.Target;
        service = service with { Target = target };
        if (before is not null && before with { Set = set.Number } == target)
        {
            // The same entry under a newer number: nothing moves.
            _work.Put(service);
            return service;
        }

        var kind = Kind(service, before, target, set);
        service = service with { FailureStreak = 0, NotBefore = null, Restarts = [] };
        var restartedBy = kind == OperationKind.Restart ? service.RestartedBy : null;
        var cause = restartedBy is not null ? $"restarted by {restartedBy}"
            : set.Message.Length > 0 ? $"set {set.Number} by {set.Author}: {set.Message}"
            : $"set {set.Number} by {set.Author}";
        service = _operations.Begin(service, kind, set, spec, cause, restartedBy, kind == OperationKind.Rollback ? before?.Set : null);
        ServiceStatus? status = kind switch
        {
            OperationKind.Provision when service.Status is ServiceStatus.Ready => null,
            OperationKind.Provision => ServiceStatus.Provision,
            OperationKind.Rollback => ServiceStatus.Rollback,
            OperationKind.Scale => ServiceStatus.Scale,
            _ => ServiceStatus.Update,
        };
        return status is { } next ? _work.SetStatus(service, next, cause) : service;
    }

    private OperationKind Kind(Service service, ServiceTarget? before, ServiceTarget target, VersionSet set)
    {
        var running = _operations.Current(service)?.Kind;
        if (before is null || (service.StableSet is null && service.Status is ServiceStatus.Provision or ServiceStatus.Failed))
        {
            return OperationKind.Provision;
        }

        if (before.Template == target.Template)
        {
            // Only the number moved: what was in progress goes on, towards another number.
            return running is OperationKind.Update or OperationKind.Rollback or OperationKind.Restart ? running.Value
                : service.Status is ServiceStatus.Provision or ServiceStatus.Ready ? OperationKind.Provision
                : _operations.Unfinished(service, target) ?? OperationKind.Scale;
        }

        if (OperationLog.Release(before.Template) == OperationLog.Release(target.Template))
        {
            // Restarted in the middle of a move: it is still that move, and still goes back where it fails.
            return running is OperationKind.Update or OperationKind.Rollback ? running.Value : OperationKind.Restart;
        }

        return set.RollbackOf is not null ? OperationKind.Rollback : OperationKind.Update;
    }

    private void Roll(Service service, VersionSet set, ServiceSpec spec, TransitionGate gate)
    {
        var operation = _operations.Current(service);
        var missing = operation is { Kind: OperationKind.Provision } && service.StableSet is null ? MissingProvider(set, spec) : null;
        var blocked = missing is not null || gate.StopOnly || (gate.Closed && service.Whole.IsEmpty && service.StableSet is null)
            || (service.Status == ServiceStatus.Failed && spec.Kind == ServiceKind.Pet);
        var held = gate.Held.RemoveAll(side => side.Version.Equals(spec.Version));
        var snapshot = _steps.Snapshot(service, spec, operation, blocked, held);
        var plan = _steps.Plan(service, snapshot);
        var stands = plan.Complete;
        plan = plan with { Complete = stands && held.IsEmpty && !gate.Closed };
        _steps.Apply(service, set, spec, snapshot, plan);
        _held.Keep(service, held);
        if (gate.StopOnly)
        {
            _steps.StopAll(service.Key, gate.Because!);
        }

        _work.Agenda.WakeAt(service.Key, plan.Wake);
        service = _work.State.Service(service.Key)!;
        if (plan.Available >= snapshot.Wanted && !snapshot.Instances.Any(instance => instance is { Live: true, Withheld: true }))
        {
            service = _transitions.NoteWhole(service, spec.Version!);
        }

        var waits = missing is null ? gate.Because : $"waits for {missing}, which has no healthy instance yet";
        var waited = _work.Agenda.WaitFor(service.Key, missing is null ? gate.WaitsFor : gate.WaitsFor.Add(missing));
        if (operation is not null)
        {
            var step = operation.Kind == OperationKind.Provision ? (waits is null ? 1 : 0) : plan.Step;
            operation = _operations.Advance(operation, Math.Min(plan.Available, operation.Total), step, plan.HeldSince, waits);
        }

        if (service.Unplaced is not null && !_work.Agenda.Unplaced.ContainsKey(service.Key))
        {
            service = service with { Unplaced = null };
            _work.Put(service);
        }

        if (waits is not null)
        {
            service = _work.SetStatus(service, service.Status, waits);
        }
        else if (waited)
        {
            service = _work.SetStatus(service, service.Status, "what it waited for is there");
        }

        var idle = missing is not null || gate.StopOnly || gate.Closed || (stands && !held.IsEmpty);
        service = _verdict.Reach(service, spec, operation, snapshot, plan, waiting: idle);
        UpdateHealth(service, _operations.CountBefore(service) is { } before ? Math.Min(before, service.Target!.Count) : service.Target!.Count);
    }

    private string? MissingProvider(VersionSet set, ServiceSpec spec)
    {
        foreach (var (provider, dependency) in spec.DependsOn)
        {
            var wanted = set.Spec.Services.GetValueOrDefault(provider);
            if (!dependency.Optional
                && wanted is { External: null, Instances.Min: > 0 }
                && !_work.State.InstancesOf(new ServiceKey(set.Architecture, provider)).Values.Any(instance => instance.InDiscovery && dependency.Accepts.Accepts(instance.Version)))
            {
                return provider;
            }
        }

        return null;
    }

    private void UpdateHealth(Service service, int wanted)
    {
        var inDiscovery = _work.State.InstancesOf(service.Key).Values.Count(instance => instance.InDiscovery);
        var health = inDiscovery >= wanted ? ServiceHealth.Healthy : inDiscovery == 0 ? ServiceHealth.Down : ServiceHealth.Degraded;
        if (health == service.Health)
        {
            return;
        }

        _work.Journal(
            EventKind.Health,
            $"{inDiscovery} of {wanted} instances in Run",
            service.Architecture,
            service.Name,
            from: service.Health.ToString(),
            to: health.ToString());
        _work.Put(service with { Health = health });
    }
}
