using System.Collections.Immutable;
using Tutti.Model.Lifecycle;

namespace Tutti.Decisions.Rollouts;

/// <summary>Pets: numbered, kept in place, stopped before they are started again, one at a time.</summary>
internal static class PetRollout
{
    public static RolloutPlan Plan(RolloutSnapshot snapshot)
    {
        var census = new Census(snapshot);
        var present = snapshot.Instances.Select(instance => instance.Ordinal).ToHashSet();
        var kept = snapshot.Paused ? snapshot.Kept ?? snapshot.Wanted : snapshot.Wanted;
        var missing = Enumerable.Range(0, kept).Where(ordinal => !present.Contains(ordinal)).ToImmutableArray();
        var stopped = snapshot.Instances
            .Where(pet => pet.Ordinal >= 0 && pet.Ordinal < kept && pet.Stopping && pet.Stopped)
            .Select(pet => pet.Id)
            .Order(StringComparer.Ordinal)
            .ToImmutableArray();
        var mayStart = (missing.Length > 0 || stopped.Length > 0) && census.MayStart;
        var complete = missing.IsEmpty
            && census.Current.Count == snapshot.Wanted
            && census.CurrentAvailable == snapshot.Wanted
            && snapshot.Instances.Length == snapshot.Wanted
            && snapshot.Instances.All(pet => IsWanted(pet, snapshot));
        return new RolloutPlan
        {
            StartPets = mayStart ? missing : [],
            RestartInPlace = mayStart ? stopped : [],
            Stop = snapshot.Paused ? [] : [.. Surplus(snapshot, census), .. Next(snapshot, census, missing.Length)],
            Available = census.CurrentAvailable,
            Complete = complete,
            Wake = census.Wake,
        };
    }

    private static bool IsWanted(RolloutInstance instance, RolloutSnapshot snapshot) => instance.Ordinal >= 0 && instance.Ordinal < snapshot.Wanted;

    /// <summary>Numbers over the wanted one; and cattle of a service that became a pet, once its pets have taken over.</summary>
    private static IEnumerable<(string Id, string Cause)> Surplus(RolloutSnapshot snapshot, Census census)
    {
        var takenOver = census.Current.Count(pet => IsWanted(pet, snapshot) && census.IsAvailable(pet)) == snapshot.Wanted;
        return snapshot.Instances
            .Where(instance => !instance.Stopping && (instance.Ordinal >= snapshot.Wanted || (instance.Ordinal < 0 && (takenOver || instance.Phase != InstancePhase.Run))))
            .OrderByDescending(instance => instance.Ordinal)
            .ThenBy(instance => instance.Id, StringComparer.Ordinal)
            .Select(instance => (instance.Id, instance.Ordinal < 0 ? "replaced by what is wanted now" : "scaling in"));
    }

    /// <summary>One at a time: the next is touched only when every other wanted pet is available, except that one
    /// which does not serve anyway may go first. None goes that could not be started again.</summary>
    private static IEnumerable<(string Id, string Cause)> Next(RolloutSnapshot snapshot, Census census, int missing)
    {
        var old = census.Old.Where(pet => IsWanted(pet, snapshot)).OrderByDescending(pet => pet.Ordinal).ToList();
        if (old.Count == 0 || !census.MayStart)
        {
            return [];
        }

        var disturbed = missing + snapshot.Instances.Count(pet =>
            IsWanted(pet, snapshot) && !(pet.Live && pet.Phase == InstancePhase.Run && (pet.Template != snapshot.Template || pet.MustMove || census.IsAvailable(pet))));
        var next = old.Find(pet => pet.Phase != InstancePhase.Run) ?? (disturbed == 0 ? old[0] : null);
        return next is null ? [] : [(next.Id, RollingRollout.Cause(next))];
    }
}
