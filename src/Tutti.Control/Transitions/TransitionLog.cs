using System.Collections.Immutable;
using Tutti.Control.Loop;
using Tutti.Control.State;
using Tutti.Decisions.Transitions;
using Tutti.Model.Lifecycle;
using Tutti.Model.Versions;

namespace Tutti.Control.Transitions;

/// <summary>Begins transitions with their sets, notes what of them is done, and ends them.</summary>
internal sealed class TransitionLog(Workspace work)
{
    /// <summary>The transition of an architecture that is in progress, or null.</summary>
    public Transition? Current(Architecture? architecture) =>
        architecture is null ? null : work.State.Transition(architecture.Name, architecture.CurrentSet) is { State: TransitionState.Running or TransitionState.Failed } found ? found : null;

    /// <summary>Begins the way to a new set, from whatever runs; the one before is superseded, or rolled back where it has failed.</summary>
    public void Begin(Architecture architecture, VersionSet set, TransitionPlan plan, string? failure = null)
    {
        if (Current(architecture) is { } before)
        {
            End(before, failure is null ? TransitionState.Superseded : TransitionState.RolledBack, failure ?? $"superseded by set {set.Number}");
        }

        var transition = new Transition
        {
            Architecture = set.Architecture,
            ToSet = set.Number,
            FromSet = architecture.StableSet,
            Author = set.Author,
            Started = work.Now,
            Events = plan.Events,
            Waves = plan.Waves,
            OldSides = plan.Events.IsEmpty ? [] : Sides.Old(work.State, set.Architecture, set.Spec),
            Gaps = plan.Gaps,
            PeakExtra = plan.PeakExtra,
        };
        work.Put(transition);
        foreach (var start in plan.Events.Where(e => e.Kind == TransitionEventKind.Start))
        {
            // Whatever is to be started counts as whole only when all of it is healthy again.
            if (work.State.Service(new ServiceKey(set.Architecture, start.Service)) is { } service && service.Whole.Contains(start.Version))
            {
                work.Put(service with { Whole = service.Whole.Remove(start.Version) });
            }
        }

        if (plan.Events.Length > 0)
        {
            work.Journal(
                EventKind.Transition,
                $"to set {set.Number}: {Count(plan.Events.Length, "event")} in {Count(plan.Waves.Length, "wave")}{(plan.Gaps.IsEmpty ? "" : $", with a gap of {string.Join(", ", plan.Gaps.Select(gap => gap.Service))}")}",
                set.Architecture,
                from: architecture.StableSet is { } stable ? $"{stable}" : null,
                to: $"{set.Number}");
        }

        foreach (var old in work.State.TransitionsOf(set.Architecture).SkipLast(work.Options.TransitionsKept).ToList())
        {
            work.Remove(old);
        }
    }

    /// <summary>Ends one.</summary>
    public void End(Transition transition, TransitionState state, string? reason)
    {
        work.Put(transition with { State = state, Reason = reason, Ended = work.Now });
        if (transition.Events.Length > 0)
        {
            work.Journal(
                EventKind.Transition,
                $"to set {transition.ToSet}: {state}{(reason is null ? "" : ": " + reason)}",
                transition.Architecture,
                from: TransitionState.Running.ToString(),
                to: state.ToString());
        }
    }

    /// <summary>Notes that the full number of a release is healthy.</summary>
    public Service NoteWhole(Service service, ReleaseVersion version)
    {
        if (service.Whole.Contains(version))
        {
            return service;
        }

        service = service with { Whole = service.Whole.Add(version) };
        work.Put(service);
        return service;
    }

    /// <summary>Forgets releases that have begun to go: who plans anew must bring them up again.</summary>
    public Service ForgetGoing(Service service, ReleaseVersion? main, TransitionGate gate)
    {
        var kept = service.Whole.RemoveAll(version => !version.Equals(main) && !gate.Held.Any(side => side.Version.Equals(version)));
        if (kept.Length == service.Whole.Length)
        {
            return service;
        }

        service = service with { Whole = kept };
        work.Put(service);
        return service;
    }

    /// <summary>Ends the transition where everything is as its set says.</summary>
    public void Settle(string name)
    {
        if (work.State.Architectures.Find(name) is not { Destroyed: false } architecture || Current(architecture) is not { } transition)
        {
            return;
        }

        var set = work.State.Set(name, architecture.CurrentSet)!;
        var wanted = 0;
        foreach (var (service, spec) in set.Spec.Services)
        {
            if (spec.External is not null)
            {
                continue;
            }

            wanted++;
            if (work.State.Service(new ServiceKey(name, service)) is not { Status: ServiceStatus.Run, Operation: null } found || found.Target?.Set != set.Number || found.StableSet != set.Number)
            {
                return;
            }
        }

        if (work.State.ServicesOf(name).Count != wanted)
        {
            return;
        }

        End(transition, TransitionState.Succeeded, null);
        work.Put(architecture with { StableSet = set.Number });
    }

    private static string Count(int number, string thing) => $"{number} {thing}{(number == 1 ? "" : "s")}";

    /// <summary>What the planner makes of the way from what runs to a set.</summary>
    public TransitionPlan Plan(string architecture, Model.Manifest.ArchitectureSpec target) =>
        TransitionPlanner.Plan(Sides.Question(work.State, architecture, target));
}
