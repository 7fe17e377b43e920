using Tutti.Control.State;
using Tutti.Control.Transitions;
using Tutti.Decisions.Transitions;
using Tutti.Model.Agents;
using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest;

namespace Tutti.Simulation;

/// <summary>No decision takes the last healthy provider that a live consumer accepts away from it, and none starts a release before what it
/// waits for is done. What fails by itself is nobody's decision.</summary>
internal static class ProviderInvariant
{
    /// <summary>Null: it holds for this batch; otherwise what was taken from whom.</summary>
    public static string? Broken(ClusterState state, CommittedBatch batch)
    {
        foreach (var change in batch.Changes)
        {
            if (change is { Before: null, After: Instance created } && Premature(state, created) is { } missing)
            {
                return $"{created.Id} {created.Version} was started before the {missing} that it waits for; {Picture(state)}";
            }

            if (change is { Before: Instance { InDiscovery: true } before, After: Instance { Goal: AssignmentGoal.Stop, Phase: InstancePhase.Destroy } after }
                && state.Architectures.Find(after.Architecture) is { Destroyed: false } architecture
                && !Allowed(state, architecture, before)
                && Deprived(state, before) is { } consumer)
            {
                return $"{before.Id} {before.Version} was stopped ({after.Reason}), and {consumer} is left without {before.Service} that it accepts; {Picture(state)}";
            }
        }

        return null;
    }

    private static string Picture(ClusterState state)
    {
        var transition = state.TransitionsOf("shop").Last();
        var progress = new TransitionProgress(state, transition);
        return $"to set {transition.ToSet} {transition.State}: "
            + string.Join("; ", transition.Events.Select((e, index) => $"{index} {e.Kind} {e.Service} {e.Version} {progress.Of(index)} after {string.Join(',', e.After.Select(wait => wait.Event))}{(e.Rolls ? " rolls" : "")}"))
            + " | " + string.Join("; ", state.ServicesOf("shop").Select(service => $"{service.Name} {service.Status} at set {service.Target?.Set} whole {string.Join(' ', service.Whole)}: {string.Join(", ", state.InstancesOf(service.Key).Values.Select(i => $"{i.Version} {i.Phase} {i.Goal}{(i.InDiscovery ? "" : " out")}"))}"));
    }

    /// <summary>The event that the start of a release should have waited for, where its transition says so; null: it may start. A service that
    /// was never whole disturbs nobody, and goes by what is healthy; what is repaired belongs to an older set.</summary>
    private static string? Premature(ClusterState state, Instance created)
    {
        if (state.Transition(created.Architecture, created.Set) is not { State: TransitionState.Running } transition
            || state.Service(created.ServiceKey) is not { } service
            || (service.Whole.IsEmpty && service.StableSet is null))
        {
            return null;
        }

        var progress = new TransitionProgress(state, transition);
        var start = transition.Events.FirstOrDefault(e => e.Kind == TransitionEventKind.Start && e.Service == created.Service && e.Version.Equals(created.Version));
        var missing = start is null || service.Whole.Contains(created.Version)
            ? null
            : progress.Open(start).FirstOrDefault(wait => transition.Events[wait.Event].Service != created.Service);
        return missing is null ? null : $"{transition.Events[missing.Event].Kind} {transition.Events[missing.Event].Service} {transition.Events[missing.Event].Version}";
    }

    /// <summary>A pet goes down where it is moved, a service that should have no instance has none, and some policies ask for it.</summary>
    private static bool Allowed(ClusterState state, Architecture architecture, Instance stopped)
    {
        var entry = state.Set(architecture.Name, architecture.CurrentSet)!.Spec.Services.GetValueOrDefault(stopped.Service);
        var own = state.Set(architecture.Name, stopped.Set)!.Spec.Services[stopped.Service];
        return stopped.Ordinal >= 0
            || entry is null or { Instances.Min: 0 }
            || state.Service(stopped.ServiceKey)?.Target is { Count: 0 }
            || entry.Update.MaxUnavailable > 0
            || own.Kind == ServiceKind.Pet || entry.Kind == ServiceKind.Pet;
    }

    private static string? Deprived(ClusterState state, Instance stopped)
    {
        foreach (var consumer in state.Instances.All.Where(instance => instance.Architecture == stopped.Architecture && instance is { InDiscovery: true }).OrderBy(instance => instance.Id, StringComparer.Ordinal))
        {
            var needs = state.Set(consumer.Architecture, consumer.Set)!.Spec.Services[consumer.Service].DependsOn.GetValueOrDefault(stopped.Service);
            if (needs is { Optional: false }
                && needs.Accepts.Accepts(stopped.Version)
                && !state.InstancesOf(stopped.ServiceKey).Values.Any(other => other.InDiscovery && needs.Accepts.Accepts(other.Version)))
            {
                return $"{consumer.Id} {consumer.Version} (accepts {needs.Accepts})";
            }
        }

        return null;
    }
}
