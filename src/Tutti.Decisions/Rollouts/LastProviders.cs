using System.Collections.Immutable;
using Tutti.Model.Lifecycle;
using Tutti.Model.Versions;

namespace Tutti.Decisions.Rollouts;

/// <summary>Keeps a plan from stopping the last serving instance that a caller accepts. Where a service is in several releases, the number of
/// those available says nothing about who can use them.</summary>
internal static class LastProviders
{
    /// <summary>The plan without the stops that would leave a caller alone; they come again when another instance serves it.</summary>
    /// <remarks>Pets, a service that should have no instance, and one that may not surge (there the policy itself asks for a time without) are left as they are.</remarks>
    public static RolloutPlan Spare(RolloutSnapshot snapshot, RolloutPlan plan)
    {
        if (snapshot.Callers.IsEmpty || plan.Stop.IsEmpty || snapshot.Kind == ServiceKind.Pet || snapshot.Wanted == 0 || snapshot.Policy.MaxSurge == 0)
        {
            return plan;
        }

        var serving = snapshot.Instances
            .Where(instance => instance.Live && instance.Version is not null && (Census.Serves(instance) || (instance.Phase == InstancePhase.Run && plan.Reveal.Contains(instance.Id))))
            .ToDictionary(instance => instance.Id, instance => instance.Version!, StringComparer.Ordinal);
        var left = snapshot.Callers.Select(accepts => serving.Values.Count(accepts.Accepts)).ToArray();
        return plan with { Stop = [.. plan.Stop.Where(stop => !serving.TryGetValue(stop.Id, out var version) || MayGo(snapshot.Callers, left, version))] };
    }

    private static bool MayGo(ImmutableArray<VersionRange> callers, int[] left, ReleaseVersion version)
    {
        for (var caller = 0; caller < callers.Length; caller++)
        {
            if (left[caller] == 1 && callers[caller].Accepts(version))
            {
                return false;
            }
        }

        for (var caller = 0; caller < callers.Length; caller++)
        {
            left[caller] -= callers[caller].Accepts(version) ? 1 : 0;
        }

        return true;
    }
}
