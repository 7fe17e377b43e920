using Tutti.Control.State;
using Tutti.Control.Transitions;
using Tutti.Decisions.Transitions;
using Tutti.Model.Manifest;
using Tutti.Server.Api;

namespace Tutti.Server.Transitions;

/// <summary>What a change would set in motion, asked before anybody has agreed to it.</summary>
internal static class TransitionOutlook
{
    /// <summary>The plan from what runs to a specification; null where it cannot be planned at all.</summary>
    public static TransitionDocument Of(ClusterState state, ArchitectureSpec target, bool allowGap)
    {
        try
        {
            var plan = TransitionPlanner.Plan(Sides.Question(state, target.Name, target));
            return TransitionView.Of(plan, (allowGap ? null : GapConsent.Missing(state, target.Name, plan)) ?? SideRoom.Of(state).Lacks(target.Name, target, plan));
        }
        catch (ArgumentException unplannable)
        {
            return new TransitionDocument { Refusal = unplannable.Message };
        }
    }
}
