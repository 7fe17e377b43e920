using System.Collections.Immutable;
using Tutti.Decisions.Rollouts;
using Tutti.Model.Lifecycle;

namespace Tutti.Decisions.Tests.Rollouts;

/// <summary>Carries plans out and lets everything succeed within a second.</summary>
internal sealed class PerfectWorld(RolloutSnapshot start)
{
    private int _created;

    public RolloutSnapshot Snapshot { get; private set; } = start;

    /// <summary>Records a plan, as the loop does; nothing in the world has moved yet.</summary>
    public void Record(RolloutPlan plan)
    {
        var stops = plan.Stop.Select(stop => stop.Id).ToHashSet();
        var instances = Snapshot.Instances
            .Where(instance => instance.Placed || !stops.Contains(instance.Id))
            .Select(instance => stops.Contains(instance.Id) ? Stopping(instance) : instance)
            .Select(instance => plan.Reveal.Contains(instance.Id) ? instance with { Withheld = false } : instance)
            .Select(instance => plan.RestartInPlace.Contains(instance.Id) ? Again(instance) : instance)
            .Where(instance => !(instance is { Stopping: true, Stopped: true } && (instance.Ordinal < 0 || instance.Ordinal >= Snapshot.Wanted)))
            .Concat(Enumerable.Range(0, plan.Start).Select(_ => New(-1, plan.StartWithheld)))
            .Concat(plan.StartPets.Select(ordinal => New(ordinal, false)));
        Snapshot = Snapshot with { Instances = [.. instances], Step = plan.Step, HeldSince = plan.HeldSince };
    }

    /// <summary>A second passes: what starts gets one phase further, what stops is gone, what failed is seen to.</summary>
    public void Pass()
    {
        var now = Snapshot.Now.AddSeconds(1);
        Snapshot = Snapshot with
        {
            Now = now,
            Instances = [.. Snapshot.Instances.Select(instance => instance switch
            {
                { Stopping: true } => instance with { Stopped = true },
                { Phase: InstancePhase.Failed, Ordinal: >= 0 } => Again(instance),
                { Phase: InstancePhase.Failed } => instance with { Stopping = true },
                { Phase: InstancePhase.Provision } => instance with { Phase = InstancePhase.Ready, Placed = true },
                { Phase: InstancePhase.Ready } => instance with { Phase = InstancePhase.Run, RunSince = now },
                _ => instance,
            })],
        };
    }

    private static RolloutInstance Stopping(RolloutInstance instance) => instance with
    {
        Phase = instance.Phase == InstancePhase.Failed ? InstancePhase.Failed : InstancePhase.Destroy,
        RunSince = null,
        Stopping = true,
    };

    private RolloutInstance Again(RolloutInstance pet) => pet with
    {
        Template = Snapshot.Template,
        Phase = InstancePhase.Provision,
        RunSince = null,
        Stopping = false,
        Stopped = false,
        MustMove = false,
    };

    private RolloutInstance New(int ordinal, bool withheld) => new()
    {
        Id = ordinal < 0 ? $"n-{++_created}" : $"db-{ordinal}",
        Template = Snapshot.Template,
        Phase = InstancePhase.Provision,
        Created = Snapshot.Now,
        Ordinal = ordinal,
        Withheld = withheld,
    };
}
