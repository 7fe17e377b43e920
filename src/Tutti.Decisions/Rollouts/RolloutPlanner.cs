using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest;

namespace Tutti.Decisions.Rollouts;

/// <summary>Decides the next small steps of a service from what is and what should be. Pure, and idempotent once its steps are recorded.</summary>
/// <remarks>
/// Bounds, for cattle: live instances never exceed wanted + maxSurge through a start, and a stop never takes the available ones
/// below wanted − maxUnavailable (as in the Deployment controller of Kubernetes). Blue-green may run twice the wanted number.
/// No stop takes from a caller the last serving instance that it accepts.
/// A pet is stopped before it is started again, one at a time, highest number first (as in a StatefulSet).
/// </remarks>
public static class RolloutPlanner
{
    /// <summary>The steps that may be taken now.</summary>
    public static RolloutPlan Plan(RolloutSnapshot snapshot) => LastProviders.Spare(snapshot, snapshot switch
    {
        { Kind: ServiceKind.Pet } => PetRollout.Plan(snapshot),
        { Policy.Strategy: UpdateStrategy.BlueGreen } => BlueGreenRollout.Plan(snapshot),
        _ => RollingRollout.Plan(snapshot),
    });
}
