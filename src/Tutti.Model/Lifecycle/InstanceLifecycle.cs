using System.Collections.Frozen;

namespace Tutti.Model.Lifecycle;

/// <summary>The one transition table of instance phases. No code sets a phase that this table does not allow.</summary>
/// <remarks>Failed and Destroy lead back to Provision only for a pet, which is started again in place.</remarks>
public static class InstanceLifecycle
{
    private static readonly FrozenDictionary<InstancePhase, FrozenSet<InstancePhase>> _next = new Dictionary<InstancePhase, FrozenSet<InstancePhase>>
    {
        [InstancePhase.Provision] = FrozenSet.Create(InstancePhase.Ready, InstancePhase.Destroy, InstancePhase.Failed),
        [InstancePhase.Ready] = FrozenSet.Create(InstancePhase.Run, InstancePhase.Destroy, InstancePhase.Failed),
        [InstancePhase.Run] = FrozenSet.Create(InstancePhase.Destroy, InstancePhase.Failed),
        [InstancePhase.Destroy] = FrozenSet.Create(InstancePhase.Provision),
        [InstancePhase.Failed] = FrozenSet.Create(InstancePhase.Provision, InstancePhase.Destroy),
    }.ToFrozenDictionary();

    /// <summary>Whether an instance may go from one phase straight to the other; staying is not a transition.</summary>
    public static bool Allows(InstancePhase from, InstancePhase to) => _next[from].Contains(to);

    /// <summary>The phases that may follow.</summary>
    public static IReadOnlyCollection<InstancePhase> After(InstancePhase from) => _next[from];
}
