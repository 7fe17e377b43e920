using Tutti.Control.State;
using Tutti.Model.Manifest;
using Tutti.Model.Versions;

namespace Tutti.Server.Discovery;

/// <summary>The share of the traffic that a canary's new release gets while its steps are gone through.</summary>
/// <param name="Version">The new release.</param>
/// <param name="Percent">1 to 99.</param>
internal readonly record struct CanaryShare(ReleaseVersion Version, int Percent)
{
    /// <summary>Null: no canary is under way, or only its environment changes, which no consumer can tell apart.</summary>
    public static CanaryShare? Of(ClusterState state, ServiceKey key)
    {
        if (state.Service(key) is not { Operation: { } id, Target: { } target }
            || state.Operation(id) is not { Ended: null, Kind: OperationKind.Update or OperationKind.Rollback } operation
            || state.Set(key.Architecture, target.Set)?.Spec.Services.GetValueOrDefault(key.Service) is not { Update.Strategy: UpdateStrategy.Canary, Version: { } version } spec
            || operation.Step >= spec.Update.Steps.Length
            || spec.Update.Steps[operation.Step] >= 100)
        {
            return null;
        }

        return state.InstancesOf(key).Values.Any(instance => instance.InDiscovery && !instance.Version.Equals(version))
            ? new CanaryShare(version, spec.Update.Steps[operation.Step])
            : null;
    }
}
