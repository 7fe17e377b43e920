using Tutti.Control.State;
using Tutti.Decisions.Transitions;
using Tutti.Model.Lifecycle;

namespace Tutti.Control.Transitions;

/// <summary>Says which gaps of a plan somebody has to agree to.</summary>
public static class GapConsent
{
    /// <summary>A sentence that names every gap and the way out; null: nobody would notice any. A pet that is down already is missed by nobody more than now.</summary>
    public static string? Missing(ClusterState state, string architecture, TransitionPlan plan)
    {
        var gaps = plan.Gaps
            .Where(gap => state.InstancesOf(new ServiceKey(architecture, gap.Service)).Values.Any(instance => instance.InDiscovery))
            .Select(Words)
            .ToList();
        return gaps.Count == 0 ? null : $"{string.Join("; ", gaps)}. Agree to it with --allow-gap; nothing was changed";
    }

    /// <summary>A gap in words.</summary>
    public static string Words(Gap gap) =>
        $"{gap.Service} is down while it goes from {gap.From} to {gap.To}{(gap.Consumers.IsEmpty ? "" : $", and {string.Join(", ", gap.Consumers)} {(gap.Consumers.Length == 1 ? "lacks" : "lack")} it")} ({gap.Because})";
}
