using System.Collections.Immutable;

namespace Tutti.Decisions.Rollouts;

/// <summary>All new ones beside the old and out of discovery; when every one is available, one switch.</summary>
internal static class BlueGreenRollout
{
    public static RolloutPlan Plan(RolloutSnapshot snapshot)
    {
        var census = new Census(snapshot);
        if (!census.IsReplacing)
        {
            // Nothing to switch from: plain repair, scaling and moving, and whatever is still withheld is revealed.
            return RollingRollout.Plan(snapshot);
        }

        var missing = Math.Max(0, snapshot.Wanted - census.Current.Count);
        var ready = census.CurrentAvailable >= snapshot.Wanted && !snapshot.Paused;
        var excess = census.CheapestFirst(census.Current).Take(Math.Max(0, census.Current.Count - snapshot.Wanted)).ToList();
        return new RolloutPlan
        {
            Start = missing > 0 && !snapshot.Paused && census.MayStart ? missing : 0,
            StartWithheld = true,
            Reveal = ready ? [.. census.Current.Except(excess).Where(instance => instance.Withheld).Select(instance => instance.Id)] : [],
            Stop = snapshot.Paused ? [] : Stops(census, ready, excess),
            Step = ready ? 1 : 0,
            Available = census.CurrentAvailable,
            Wake = census.Wake,
        };
    }

    // A green side that another change overtook goes at once: nobody uses it, and with it there would be three.
    private static ImmutableArray<(string Id, string Cause)> Stops(Census census, bool ready, List<RolloutInstance> excess) =>
    [
        .. excess.Select(instance => (instance.Id, "scaling in")),
        .. census.Old.Where(old => ready || old.Withheld).Select(old => (old.Id, ready ? "switched to the new side" : "overtaken before the switch")),
    ];
}
