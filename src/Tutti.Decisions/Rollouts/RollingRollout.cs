using System.Collections.Immutable;
using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest;

namespace Tutti.Decisions.Rollouts;

/// <summary>Rolling, and canary, which is rolling with a bound on the new ones that rises step by step.</summary>
internal static class RollingRollout
{
    public static RolloutPlan Plan(RolloutSnapshot snapshot)
    {
        var census = new Census(snapshot);
        var (step, heldSince) = (snapshot.Step, snapshot.HeldSince);
        var bound = snapshot.Wanted;
        if (snapshot.Policy.Strategy == UpdateStrategy.Canary && census.IsReplacing)
        {
            (step, heldSince, bound) = Canary(snapshot, census);
        }

        var stops = snapshot.Paused ? [] : Stops(snapshot, census);
        var stopped = stops.Select(stop => stop.Id).ToHashSet();
        return new RolloutPlan
        {
            Start = StartCount(snapshot, census, bound),
            Stop = stops,
            Reveal = [.. census.Current.Where(instance => instance.Withheld && !stopped.Contains(instance.Id)).Select(instance => instance.Id)],
            Step = step,
            HeldSince = heldSince,
            Available = census.CurrentAvailable,
            Complete = census.Old.Count == 0 && census.Leaving == 0 && census.Current.Count == snapshot.Wanted && census.CurrentAvailable == snapshot.Wanted,
            Wake = census.Wake,
        };
    }

    private static int StartCount(RolloutSnapshot snapshot, Census census, int bound)
    {
        var missing = Math.Min(bound, snapshot.Wanted) - census.Current.Count;
        var surge = census.Old.Count == 0 ? 0 : snapshot.Policy.MaxSurge;
        var room = snapshot.Wanted + surge - census.Live;
        if (snapshot.Paused)
        {
            // Held: make up for what is lost, move nothing.
            missing = room = (snapshot.Kept ?? snapshot.Wanted) - census.Live;
        }

        var start = Math.Max(0, Math.Min(missing, room));
        return start > 0 && census.MayStart ? start : 0;
    }

    private static ImmutableArray<(string Id, string Cause)> Stops(RolloutSnapshot snapshot, Census census)
    {
        var stops = ImmutableArray.CreateBuilder<(string, string)>();
        var available = census.CurrentAvailable + census.OldAvailable;

        // Too many of the wanted kind: scaling in.
        foreach (var instance in census.CheapestFirst(census.Current).Take(Math.Max(0, census.Current.Count - snapshot.Wanted)))
        {
            available -= census.IsAvailable(instance) ? 1 : 0;
            stops.Add((instance.Id, "scaling in"));
        }

        // Old ones that serve nobody may go as long as those that are left could still reach the floor
        // (the clean-up rule of Kubernetes' Deployment controller): otherwise they would block what replaces them.
        var floor = snapshot.Wanted - snapshot.Policy.MaxUnavailable;
        var spare = census.Live - census.Old.Count(old => old.Withheld) - stops.Count - floor - (census.Current.Count - census.CurrentAvailable);
        foreach (var instance in census.CheapestFirst(census.Old))
        {
            if (instance.Withheld)
            {
                // The green side of a switch that another change overtook: nobody ever used it.
                stops.Add((instance.Id, Cause(instance)));
            }
            else if (instance.Phase != InstancePhase.Run)
            {
                if (spare > 0 || available >= floor)
                {
                    spare--;
                    stops.Add((instance.Id, Cause(instance)));
                }
            }
            else if (available > floor)
            {
                available--;
                stops.Add((instance.Id, Cause(instance)));
            }
        }

        return stops.ToImmutable();
    }

    private static (int Step, DateTimeOffset? HeldSince, int Bound) Canary(RolloutSnapshot snapshot, Census census)
    {
        var (step, held) = (snapshot.Step, snapshot.HeldSince);
        for (; step < snapshot.Policy.Steps.Length; step++, held = null)
        {
            var bound = Share(snapshot, step);
            if (census.CurrentAvailable < bound)
            {
                return (step, null, bound);
            }

            // Where two steps round up to the same number, nothing starts that would have the next one looked at: its hold begins at once.
            held ??= snapshot.Now;
            if (snapshot.Paused || snapshot.Now - held < snapshot.Policy.Hold)
            {
                census.WakeBy(held.Value + snapshot.Policy.Hold);
                return (step, held, bound);
            }
        }

        return (step, null, snapshot.Wanted);
    }

    /// <summary>A share of the wanted number, rounded up, so that a canary is never nobody.</summary>
    private static int Share(RolloutSnapshot snapshot, int step) =>
        (int)(((long)snapshot.Wanted * snapshot.Policy.Steps[step] + 99) / 100);

    internal static string Cause(RolloutInstance instance) =>
        instance.MustMove ? "its node is draining" : "replaced by what is wanted now";
}
