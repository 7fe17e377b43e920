using System.Collections.Immutable;
using Tutti.Control.State;
using Tutti.Control.Transitions;
using Tutti.Decisions.Transitions;
using Tutti.Model.Agents;
using Tutti.Server.Api;

namespace Tutti.Server.Transitions;

/// <summary>What is shown of transitions, planned and under way.</summary>
internal static class TransitionView
{
    /// <summary>A plan.</summary>
    public static TransitionDocument Of(TransitionPlan plan, string? refusal) => new()
    {
        Events = Events(plan.Events),
        Waves = Waves(plan.Events, plan.Waves),
        Gaps = plan.Gaps,
        PeakExtra = plan.PeakExtra,
        Refusal = refusal,
    };

    /// <summary>One that was accepted, with how far it is.</summary>
    public static TransitionDocument Of(ClusterState state, Transition transition)
    {
        // One that failed waits for a person: how far it came is of interest as long as nothing took its place.
        var goesOn = transition.State is TransitionState.Running or TransitionState.Failed;
        var progress = new TransitionProgress(state, transition);
        var events = Events(transition.Events);
        return new TransitionDocument
        {
            ToSet = transition.ToSet,
            FromSet = transition.FromSet,
            State = transition.State,
            Reason = transition.Reason,
            Author = transition.Author,
            Started = transition.Started,
            Ended = transition.Ended,
            Events =
            [
                .. events.Select((e, index) => goesOn ? Describe(state, transition, e, progress.Of(index))
                    : transition.State == TransitionState.Succeeded ? e with { State = EventState.Done } : e),
            ],
            Waves = Waves(transition.Events, transition.Waves),
            Gaps = transition.Gaps,
            PeakExtra = transition.PeakExtra,
            Traffic = goesOn ? Traffic(state, transition) : [],
        };
    }

    private static ImmutableArray<TransitionEventDocument> Events(ImmutableArray<TransitionEvent> events) =>
        [.. events.Select(e => new TransitionEventDocument
        {
            Id = Id(e),
            Event = e.Kind,
            Service = e.Service,
            Version = e.Version,
            After = [.. e.After.Select(wait => Id(events[wait.Event]))],
            Because = e.Because,
            Waits = [.. e.After.Select(wait => new TransitionWaitDocument(Id(events[wait.Event]), wait.Because))],
            Rolls = e.Rolls,
        })];

    private static ImmutableArray<ImmutableArray<string>> Waves(ImmutableArray<TransitionEvent> events, ImmutableArray<ImmutableArray<int>> waves) =>
        [.. waves.Select(wave => wave.Select(index => Id(events[index])).ToImmutableArray())];

    private static string Id(TransitionEvent e) => $"{(e.Kind == TransitionEventKind.Start ? "start" : "retire")} {e.Service} {e.Version}";

    private static TransitionEventDocument Describe(ClusterState state, Transition transition, TransitionEventDocument e, EventState how)
    {
        var instances = state.InstancesOf(new ServiceKey(transition.Architecture, e.Service)).Values.Where(instance => instance.Version.Equals(e.Version)).ToList();
        return e with
        {
            State = how,
            Healthy = instances.Count(instance => instance.InDiscovery),
            Instances = instances.Count(instance => !instance.Stopped),
        };
    }

    private static ImmutableArray<TrafficShareDocument> Traffic(ClusterState state, Transition transition)
    {
        var shares = new TrafficShares(state, transition.Architecture);
        return [.. transition.Events.Select(e => e.Service).Distinct().Order(StringComparer.Ordinal).SelectMany(shares.Of)];
    }
}
