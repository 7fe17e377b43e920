using System.Collections.Immutable;
using Tutti.Model.Lifecycle;

namespace Tutti.Decisions.Rollouts;

/// <summary>Pets: numbered, kept in place, stopped before they are started again, one at a time.</summary>
internal static class PetRollout
{
    public static RolloutPlan Plan(RolloutSnapshot snapshot)
    {
        var census = new Census(snapshot);
        var byOrdinal = snapshot.Instances.ToDictionary(instance => instance.Ordinal);
        var kept = snapshot.Paused ? snapshot.Kept ?? snapshot.Wanted : snapshot.Wanted;
        var missing = Enumerable.Range(0, kept).Where(ordinal => !byOrdinal.ContainsKey(ordinal)).ToImmutableArray();
        var stopped = snapshot.Instances
            .Where(pet => pet.Ordinal < kept && pet.Stopping && pet.Stopped)
            .Select(pet => pet.Id)
            .Order(StringComparer.Ordinal)
            .ToImmutableArray();
        var mayStart = (missing.Length > 0 || stopped.Length > 0) && census.MayStart;
        var complete = census.Current.Count == snapshot.Wanted
            && census.CurrentAvailable == snapshot.Wanted
            && snapshot.Instances.Length == snapshot.Wanted;
        return new RolloutPlan
        {
            StartPets = mayStart ? missing : [],
            RestartInPlace = mayStart ? stopped : [],
            Stop = snapshot.Paused ? [] : Stops(snapshot, census),
            Available = census.CurrentAvailable,
            Complete = complete,
            Wake = census.Wake,
        };
    }

    private static ImmutableArray<(string Id, string Cause)> Stops(RolloutSnapshot snapshot, Census census)
    {
        var stops = snapshot.Instances
            .Where(pet => pet.Ordinal >= snapshot.Wanted && !pet.Stopping)
            .OrderByDescending(pet => pet.Ordinal)
            .Select(pet => (pet.Id, "scaling in"))
            .ToImmutableArray();

        // One at a time: the next is touched only when every other wanted pet is available, except that one
        // which does not serve anyway may go first.
        var old = census.Old.Where(pet => pet.Ordinal < snapshot.Wanted).OrderByDescending(pet => pet.Ordinal).ToList();
        var disturbed = snapshot.Instances.Count(pet => pet.Ordinal < snapshot.Wanted && !(pet.Live && pet.Phase == InstancePhase.Run && (old.Contains(pet) || census.IsAvailable(pet))));
        var next = old.Find(pet => pet.Phase != InstancePhase.Run) ?? (disturbed == 0 ? old.FirstOrDefault() : null);
        return next is null ? stops : stops.Add((next.Id, RollingRollout.Cause(next)));
    }
}
