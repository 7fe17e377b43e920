using System.Collections.Immutable;
using Tutti.Control.State;
using Tutti.Decisions.Transitions;
using Tutti.Model.Versions;

namespace Tutti.Control.Transitions;

/// <summary>What one service may do now, as far as the transition of its architecture goes.</summary>
internal sealed record TransitionGate
{
    public static readonly TransitionGate Open = new();

    /// <summary>True: it stays at what it is at; nothing of the new set is started.</summary>
    public bool Closed { get; init; }

    /// <summary>A pet that must be down before what it waits for can come: it is stopped, and started only when that is there.</summary>
    public bool StopOnly { get; init; }

    /// <summary>Releases that are to go but are still needed: each is kept at its number.</summary>
    public ImmutableArray<OldSide> Held { get; init; } = [];

    /// <summary>What it waits for, in a sentence; null: nothing.</summary>
    public string? Because { get; init; }

    /// <summary>The services whose progress it waits for.</summary>
    public ImmutableSortedSet<string> WaitsFor { get; init; } = [];

    /// <summary>Looks at a service's events.</summary>
    public static TransitionGate Of(ClusterState state, Transition? transition, Service? service)
    {
        if (transition is null || service is null || transition.Events.IsEmpty)
        {
            return Open;
        }

        var own = EventIndex.Of(transition).GetValueOrDefault(service.Name, []);
        if (own.IsEmpty)
        {
            return Open;
        }

        var progress = new TransitionProgress(state, transition);
        return IsExchangedInPlace(transition, own) ? OfPet(transition, progress, own) : OfCattle(state, transition, progress, service, own);
    }

    /// <summary>A pet: its old side goes before its new one comes.</summary>
    private static bool IsExchangedInPlace(Transition transition, ImmutableArray<int> own) =>
        own.Any(index => transition.Events[index].Kind == TransitionEventKind.Start && transition.Events[index].After.Any(wait => own.Contains(wait.Event)));

    private static TransitionGate OfCattle(ClusterState state, Transition transition, TransitionProgress progress, Service service, ImmutableArray<int> own)
    {
        var start = own.Select(index => transition.Events[index]).FirstOrDefault(e => e.Kind == TransitionEventKind.Start);
        var open = new List<Wait>();
        if (start is not null)
        {
            var isNew = service.Whole.IsEmpty && service.StableSet is null;
            open.AddRange(progress.Open(start).Where(wait => !isNew || !Serves(state, transition, wait)));
        }

        var closed = open.Count > 0;
        var held = ImmutableArray.CreateBuilder<OldSide>();
        foreach (var retire in own.Select(index => transition.Events[index]).Where(e => e.Kind == TransitionEventKind.Retire))
        {
            var waits = progress.Open(retire).Where(wait => !IsStartOf(transition, wait, service.Name)).ToList();
            if (!closed && waits.Count == 0)
            {
                continue;
            }

            open.AddRange(waits);
            if (transition.OldSides.FirstOrDefault(side => side.Service == service.Name && side.Version.Equals(retire.Version)) is { } side)
            {
                held.Add(side);
            }
        }

        // A service that goes altogether stays as it is until none of it is needed.
        var stays = held.Count > 0 && Leaves(state, transition, service);
        return Describe(transition, open) with { Closed = closed || stays, Held = held.ToImmutable() };
    }

    private static TransitionGate OfPet(Transition transition, TransitionProgress progress, ImmutableArray<int> own)
    {
        var events = own.Select(index => transition.Events[index]).ToList();
        var mine = own.ToHashSet();
        var retires = events.Where(e => e.Kind == TransitionEventKind.Retire).SelectMany(e => progress.Open(e)).Where(wait => !mine.Contains(wait.Event)).ToList();
        var starts = events.Where(e => e.Kind == TransitionEventKind.Start).SelectMany(e => progress.Open(e)).Where(wait => !mine.Contains(wait.Event)).ToList();
        if (retires.Count == 0 && starts.Count > 0 && starts.All(wait => Needs(transition, wait.Event, mine, [])))
        {
            return Describe(transition, starts) with { StopOnly = true };
        }

        return Describe(transition, [.. retires, .. starts]) with { Closed = retires.Count + starts.Count > 0 };
    }

    /// <summary>Whether an event waits, over however many others, for one of these.</summary>
    private static bool Needs(Transition transition, int index, HashSet<int> these, HashSet<int> seen) =>
        transition.Events[index].After.Any(wait => these.Contains(wait.Event) || (seen.Add(wait.Event) && Needs(transition, wait.Event, these, seen)));

    private static bool Leaves(ClusterState state, Transition transition, Service service) =>
        Sides.Entry(state, transition.Architecture, transition.ToSet, service.Name) is null or { External: not null };

    private static bool IsStartOf(Transition transition, Wait wait, string service) =>
        transition.Events[wait.Event] is { Kind: TransitionEventKind.Start } start && start.Service == service;

    /// <summary>A service that is new disturbs nobody: one healthy instance of what it waits for is enough.</summary>
    private static bool Serves(ClusterState state, Transition transition, Wait wait) =>
        transition.Events[wait.Event] is { Kind: TransitionEventKind.Start } start && HasHealthy(state, new ServiceKey(transition.Architecture, start.Service), start.Version);

    private static bool HasHealthy(ClusterState state, ServiceKey key, ReleaseVersion version) =>
        state.InstancesOf(key).Values.Any(instance => instance.InDiscovery && instance.Version.Equals(version));

    private static TransitionGate Describe(Transition transition, IReadOnlyList<Wait> waits)
    {
        if (waits.Count == 0)
        {
            return Open;
        }

        var first = transition.Events[waits[0].Event];
        var verb = first.Kind == TransitionEventKind.Start ? "be healthy" : "be gone";
        var more = waits.Select(wait => wait.Event).Distinct().Count() - 1;
        return new TransitionGate
        {
            Because = $"waits for {first.Service} {first.Version} to {verb}{(more > 0 ? $", and for {more} more" : "")}: {waits[0].Because}",
            WaitsFor = [.. waits.Select(wait => transition.Events[wait.Event].Service)],
        };
    }
}
