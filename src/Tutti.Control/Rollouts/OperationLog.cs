using System.Collections.Immutable;
using Tutti.Control.Loop;
using Tutti.Control.State;
using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest;

namespace Tutti.Control.Rollouts;

/// <summary>Begins, advances and ends operations. One service has at most one in progress.</summary>
internal sealed class OperationLog(Workspace work)
{
    /// <summary>The operation in progress, or null.</summary>
    public Operation? Current(Service service) => work.State.Operation(service.Operation) is { Ended: null } operation ? operation : null;

    /// <summary>While only the number of instances changes: how many there were to be before; else null.</summary>
    public int? CountBefore(Service service) => Current(service) is { Kind: OperationKind.Scale, FromSet: { } from }
        ? work.State.Set(service.Architecture, from)?.Spec.Services.GetValueOrDefault(service.Name)?.Instances.Min
        : null;

    /// <summary>Begins one; a running one is superseded.</summary>
    public Service Begin(Service service, OperationKind kind, VersionSet set, ServiceSpec? spec, string cause, string? author = null, int? fromSet = null)
    {
        if (Current(service) is { } running)
        {
            End(running, OperationState.Superseded, $"superseded: {cause}");
        }

        var from = (fromSet ?? service.StableSet) is { } stable ? work.State.Set(service.Architecture, stable)?.Spec.Services.GetValueOrDefault(service.Name) : null;
        var operation = new Operation
        {
            Id = work.NextOperationId(),
            Architecture = service.Architecture,
            Service = service.Name,
            Kind = kind,
            State = service.Paused ? OperationState.Paused : OperationState.Running,
            FromSet = fromSet ?? service.StableSet,
            ToSet = set.Number,
            Summary = Summary(kind, from, spec),
            Author = author ?? set.Author,
            Started = work.Now,
            StepSince = work.Now,
            ProgressAt = work.Now,
            Steps = Steps(kind, spec),
            Total = spec?.Instances.Min ?? work.State.InstancesOf(service.Key).Count,
        };
        operation = Mark(operation, 0);
        work.Put(operation);
        work.Journal(EventKind.Operation, $"{operation.Id} {Word(kind)} {operation.Summary} began: {cause}", service.Architecture, service.Name, to: OperationState.Running.ToString());
        service = service with { Operation = operation.Id };
        work.Put(service);
        return service;
    }

    /// <summary>Records how far it is; more available instances than ever, or another step, is progress.</summary>
    public Operation Advance(Operation operation, int done, int step, DateTimeOffset? heldSince, string? waitsFor = null)
    {
        step = Math.Clamp(step, 0, Math.Max(0, operation.Steps.Length - 1));
        var next = operation;
        if (done > operation.Done)
        {
            next = next with { Done = done, ProgressAt = work.Now };
        }

        if (step != operation.Step)
        {
            next = Mark(next with { Step = step, StepSince = work.Now, ProgressAt = work.Now }, step);
        }

        if (waitsFor != operation.WaitsFor)
        {
            // What was waited for is no standstill of its own: the deadline counts anew.
            next = next with { WaitsFor = waitsFor, ProgressAt = work.Now };
        }

        if (heldSince != operation.HeldSince)
        {
            next = next with { HeldSince = heldSince };
        }

        if (next != operation)
        {
            work.Put(next);
        }

        return next;
    }

    /// <summary>Ends it.</summary>
    public void End(Operation operation, OperationState state, string? reason)
    {
        var steps = operation.Steps.Select((step, index) =>
            state == OperationState.Succeeded || index < operation.Step ? step with { State = OperationState.Succeeded }
            : index == operation.Step ? step with { State = state }
            : step).ToImmutableArray();
        work.Put(operation with
        {
            State = state,
            Ended = work.Now,
            Reason = reason,
            Steps = steps,
            Done = state == OperationState.Succeeded ? operation.Total : operation.Done,
        });
        work.Journal(
            EventKind.Operation,
            $"{operation.Id} {Word(operation.Kind)} {operation.Summary}: {state}{(reason is null ? "" : ": " + reason)}",
            operation.Architecture,
            operation.Service,
            from: operation.State.ToString(),
            to: state.ToString());
    }

    /// <summary>What a move that was given up left half done: instances of another release, or from before a restart; null: nothing.</summary>
    public OperationKind? Unfinished(Service service, ServiceTarget target)
    {
        OperationKind? left = null;
        foreach (var instance in work.State.InstancesOf(service.Key).Values)
        {
            if (instance.Goal == Model.Agents.AssignmentGoal.Run && instance.Template != target.Template)
            {
                if (Release(instance.Template) != Release(target.Template))
                {
                    return OperationKind.Update;
                }

                left = OperationKind.Restart;
            }
        }

        return left;
    }

    /// <summary>The part of a template that a restart does not change.</summary>
    public static string Release(string template) => template[..template.IndexOf('.')];

    /// <summary>A number of instances in words.</summary>
    public static string Instances(int count) => count == 1 ? "1 instance" : $"{count} instances";

    /// <summary>The kind as people read it.</summary>
    public static string Word(OperationKind kind) => kind.ToString().ToLowerInvariant();

    private static Operation Mark(Operation operation, int step) => operation with
    {
        Steps = [.. operation.Steps.Select((each, index) => each with
        {
            State = index < step ? OperationState.Succeeded : index == step ? OperationState.Running : null,
        })],
    };

    private static string Summary(OperationKind kind, ServiceSpec? from, ServiceSpec? to) => kind switch
    {
        OperationKind.Provision => $"{to!.Version}",
        OperationKind.Scale => $"to {Instances(to!.Instances.Min)}",
        OperationKind.Restart => $"{to!.Version}",
        OperationKind.Destroy => from?.Version?.ToString() ?? "",
        _ when from?.Version is { } old && !old.Equals(to!.Version) => $"{old} → {to.Version}",
        _ => $"{to!.Version} (environment)",
    };

    private static ImmutableArray<OperationStep> Steps(OperationKind kind, ServiceSpec? spec)
    {
        string[] names = (kind, spec) switch
        {
            (OperationKind.Destroy, _) => ["stop every instance"],
            (OperationKind.Scale, _) => [$"scale to {spec!.Instances.Min}"],
            (OperationKind.Provision, _) => ["wait for providers", $"start {spec!.Instances.Min}"],
            (_, { Kind: ServiceKind.Pet }) => ["replace one by one, in place"],
            (_, { Update.Strategy: UpdateStrategy.Canary }) => [.. spec.Update.Steps.Select(step => $"{step}% of {spec.Instances.Min}"), "100%"],
            (_, { Update.Strategy: UpdateStrategy.BlueGreen }) => [$"start {spec.Instances.Min} beside the old ones", "switch and stop the old ones"],
            _ => [$"replace {spec!.Instances.Min} by rolling"],
        };
        return [.. names.Select(name => new OperationStep(name, null))];
    }
}
