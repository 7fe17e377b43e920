using System.Collections.Frozen;

namespace Tutti.Model.Lifecycle;

/// <summary>The one transition table of service statuses. No code sets a status that this table does not allow.</summary>
public static class ServiceLifecycle
{
    private static readonly FrozenDictionary<ServiceStatus, FrozenSet<ServiceStatus>> _next = new Dictionary<ServiceStatus, FrozenSet<ServiceStatus>>
    {
        [ServiceStatus.Provision] = Set(ServiceStatus.Ready, ServiceStatus.Update, ServiceStatus.Rollback, ServiceStatus.Destroy, ServiceStatus.Failed),
        [ServiceStatus.Ready] = Set(ServiceStatus.Run, ServiceStatus.Update, ServiceStatus.Rollback, ServiceStatus.Destroy, ServiceStatus.Failed),
        [ServiceStatus.Run] = Set(ServiceStatus.Update, ServiceStatus.Rollback, ServiceStatus.Scale, ServiceStatus.Destroy, ServiceStatus.Failed),
        [ServiceStatus.Update] = Set(ServiceStatus.Run, ServiceStatus.Rollback, ServiceStatus.Scale, ServiceStatus.Destroy, ServiceStatus.Failed),
        [ServiceStatus.Rollback] = Set(ServiceStatus.Run, ServiceStatus.Update, ServiceStatus.Scale, ServiceStatus.Destroy, ServiceStatus.Failed),
        [ServiceStatus.Scale] = Set(ServiceStatus.Run, ServiceStatus.Update, ServiceStatus.Rollback, ServiceStatus.Destroy, ServiceStatus.Failed),
        [ServiceStatus.Destroy] = Set(ServiceStatus.Provision, ServiceStatus.Failed),
        [ServiceStatus.Failed] = Set(ServiceStatus.Provision, ServiceStatus.Run, ServiceStatus.Update, ServiceStatus.Rollback, ServiceStatus.Scale, ServiceStatus.Destroy),
    }.ToFrozenDictionary();

    /// <summary>Whether a service may go from one status straight to the other; staying is not a transition.</summary>
    public static bool Allows(ServiceStatus from, ServiceStatus to) => _next[from].Contains(to);

    /// <summary>The statuses that may follow.</summary>
    public static IReadOnlyCollection<ServiceStatus> After(ServiceStatus from) => _next[from];

    private static FrozenSet<ServiceStatus> Set(params ReadOnlySpan<ServiceStatus> statuses) => FrozenSet.Create(statuses);
}
