using Tutti.Model.Lifecycle;

namespace Tutti.Decisions.Rollouts;

/// <summary>All new ones beside the old and out of discovery; when every one is available, one switch.</summary>
internal static class BlueGreenRollout
{
    public static RolloutPlan Plan(RolloutSnapshot snapshot)
    {
        var census = new Census(snapshot);
        var switching = census.Old.Any(instance => instance.Template != snapshot.Template);
        if (!switching)
        {
            // Nothing to switch from: plain repair, scaling and moving, and whatever is still withheld is revealed.
            return RollingRollout.Plan(snapshot);
        }

        var missing = Math.Max(0, snapshot.Wanted - census.Current.Count);
        var ready = census.CurrentAvailable >= snapshot.Wanted && !snapshot.Paused;
        return new RolloutPlan
        {
            Start = missing > 0 && !snapshot.Paused && census.MayStart ? missing : 0,
            StartWithheld = true,
            Reveal = ready ? [.. census.Current.Where(instance => instance.Withheld).Select(instance => instance.Id)] : [],
            Stop = ready ? [.. census.Old.Select(instance => (instance.Id, "switched to the new side"))] : [],
            Step = ready ? 1 : 0,
            Available = census.CurrentAvailable,
            Wake = census.Wake,
        };
    }
}
