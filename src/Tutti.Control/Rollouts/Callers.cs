using System.Collections.Immutable;
using Tutti.Control.State;
using Tutti.Model.Versions;

namespace Tutti.Control.Rollouts;

/// <summary>What the releases that call a service accept of it.</summary>
internal static class Callers
{
    /// <summary>Each range once, of every release of which something runs.</summary>
    public static ImmutableArray<VersionRange> Of(ClusterState state, ServiceKey key)
    {
        if (state.InstancesOf(key).Count == 0)
        {
            return [];
        }

        var ranges = ImmutableArray.CreateBuilder<VersionRange>();
        foreach (var caller in state.ServicesOf(key.Architecture))
        {
            // Nearly every service calls few others, and whoever never did so is not looked at closely.
            foreach (var set in SetsOf(state, caller))
            {
                if (state.Set(key.Architecture, set)?.Spec.Services.GetValueOrDefault(caller.Name)?.DependsOn.GetValueOrDefault(key.Service) is { } dependency
                    && !ranges.Contains(dependency.Accepts))
                {
                    ranges.Add(dependency.Accepts);
                }
            }
        }

        return ranges.ToImmutable();
    }

    private static HashSet<int> SetsOf(ClusterState state, Service caller)
    {
        var sets = new HashSet<int>();
        foreach (var instance in state.InstancesOf(caller.Key).Values)
        {
            if (!instance.Stopped && instance.Node is not null)
            {
                sets.Add(instance.Set);
            }
        }

        return sets;
    }
}
