using Tutti.Control.Loop;
using Tutti.Control.Recovery;
using Tutti.Control.State;
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

    public ServiceReconciler(Workspace work)
    {
        _work = work;
        _operations = new OperationLog(work);
        _verdict = new Verdict(work, _operations);
        _steps = new RolloutSteps(work);
        _recovery = new RecoveryReconciler(work, _operations, _verdict, _steps);
        _teardown = new Teardown(work, _operations, _steps);
    }

    /// <summary>Takes the next small steps of a service.</summary>
    public void Reconcile(ServiceKey key)
    {
        var architecture = _work.State.Architectures.Find(key.Architecture);
        var set = architecture is null ? null : _work.State.Set(architecture.Name, architecture.CurrentSet);
        var spec = architecture is null or { Destroyed: true } ? null : set?.Spec.Services.GetValueOrDefault(key.Service);
        if (spec is null or { External: not null })
        {
            _work.Agenda.WaitForProviders(key, false);
            _teardown.Reconcile(key, set, Absence(architecture, set, spec));
            return;
        }

        var service = BeginWhereTheTargetMoved(Ensure(key, set!), set!, spec);
        service = _recovery.Reconcile(service, spec);
        Roll(service, set!, spec);
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
            service = _work.SetStatus(service with { Target = null, StableSet = null }, ServiceStatus.Provision, cause);
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

    private void Roll(Service service, VersionSet set, ServiceSpec spec)
    {
        var operation = _operations.Current(service);
        var missing = operation is { Kind: OperationKind.Provision } && service.StableSet is null ? MissingProvider(set, spec) : null;
        var waited = _work.Agenda.WaitForProviders(service.Key, missing is not null);
        var blocked = missing is not null || (service.Status == ServiceStatus.Failed && spec.Kind == ServiceKind.Pet);
        var snapshot = _steps.Snapshot(service, spec, operation, blocked);
        var plan = RolloutPlanner.Plan(snapshot);
        _steps.Apply(service, set, spec, snapshot, plan);
        _work.Agenda.WakeAt(service.Key, plan.Wake);
        if (operation is not null)
        {
            var step = operation.Kind == OperationKind.Provision ? (missing is null ? 1 : 0) : plan.Step;
            operation = _operations.Advance(operation, Math.Min(plan.Available, operation.Total), step, plan.HeldSince);
        }

        service = _work.State.Service(service.Key)!;
        if (service.Unplaced is not null && !_work.Agenda.Unplaced.ContainsKey(service.Key))
        {
            service = service with { Unplaced = null };
            _work.Put(service);
        }

        if (missing is not null)
        {
            service = _work.SetStatus(service, service.Status, $"waits for {missing}, which has no healthy instance yet");
        }

        else if (waited)
        {
            service = _work.SetStatus(service, service.Status, "its providers are there, it starts");
        }

        service = _verdict.Reach(service, spec, operation, snapshot, plan, waiting: missing is not null);
        UpdateHealth(service, _operations.CountBefore(service) is { } before ? Math.Min(before, service.Target!.Count) : service.Target!.Count);
    }

    private string? MissingProvider(VersionSet set, ServiceSpec spec)
    {
        foreach (var (provider, dependency) in spec.DependsOn)
        {
            var wanted = set.Spec.Services.GetValueOrDefault(provider);
            if (!dependency.Optional
                && wanted is { External: null, Instances.Min: > 0 }
                && !_work.State.InstancesOf(new ServiceKey(set.Architecture, provider)).Values.Any(instance => instance.InDiscovery))
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
