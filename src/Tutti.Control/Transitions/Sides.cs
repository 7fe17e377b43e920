using System.Collections.Immutable;
using Tutti.Control.State;
using Tutti.Decisions.Transitions;
using Tutti.Decisions.Versions.Solving;
using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest;
using Tutti.Model.Versions;

namespace Tutti.Control.Transitions;

/// <summary>What runs and what should, as the transition planner wants to see it. Reads the state, changes nothing.</summary>
public static class Sides
{
    /// <summary>The question of moving an architecture from what runs to a specification.</summary>
    public static TransitionQuestion Question(ClusterState state, string architecture, ArchitectureSpec target) => new()
    {
        Live = [.. Live(state, architecture).Select(live => Describe(state, architecture, live))],
        Target = [.. target.Services.Where(entry => entry.Value.External is null).Select(entry => Describe(target, entry.Key, entry.Value))],
    };

    /// <summary>The sides that are not those of the target.</summary>
    public static ImmutableArray<OldSide> Old(ClusterState state, string architecture, ArchitectureSpec target) =>
        [.. Live(state, architecture).Where(live => target.Services.GetValueOrDefault(live.Service)?.Version?.Equals(live.Version) != true)];

    /// <summary>Whether anything of a release still runs, or is still meant to.</summary>
    public static bool Runs(ClusterState state, ServiceKey key, ReleaseVersion version)
    {
        foreach (var instance in state.InstancesOf(key).Values)
        {
            if (!IsGone(instance) && instance.Version.Equals(version))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsGone(Instance instance) =>
        instance.Goal == Model.Agents.AssignmentGoal.Stop && (instance.Stopped || instance.Node is null);

    /// <summary>Every release with instances, and the one that a service is being moved to where none of it is there yet.</summary>
    private static IEnumerable<OldSide> Live(ClusterState state, string architecture)
    {
        foreach (var service in state.ServicesOf(architecture))
        {
            var sides = new SortedDictionary<ReleaseVersion, OldSide>();
            foreach (var instance in state.InstancesOf(service.Key).Values.Where(instance => !IsGone(instance)))
            {
                var side = sides.GetValueOrDefault(instance.Version) ?? new OldSide(service.Name, instance.Version, instance.Set, 0);
                sides[instance.Version] = side with { Set = Math.Max(side.Set, instance.Set), Instances = side.Instances + 1 };
            }

            if (service.Target is { } target && Entry(state, architecture, target.Set, service.Name)?.Version is { } wanted)
            {
                // What is wanted has been asked for, whether or not it is there at this moment.
                var side = sides.GetValueOrDefault(wanted) ?? new OldSide(service.Name, wanted, target.Set, 0);
                sides[wanted] = side with { Instances = Math.Max(side.Instances, service.Whole.Contains(wanted) ? target.Count : 0) };
            }

            foreach (var side in sides.Values)
            {
                yield return side;
            }
        }
    }

    private static Side Describe(ClusterState state, string architecture, OldSide live)
    {
        var set = state.Set(architecture, live.Set)!.Spec;
        var service = state.Service(new ServiceKey(architecture, live.Service))!;
        return Describe(set, live.Service, set.Services[live.Service]) with
        {
            Instances = live.Instances,
            Whole = service.Whole.Contains(live.Version) && state.InstancesOf(service.Key).Values.Any(instance => instance.InDiscovery && instance.Version.Equals(live.Version)),
        };
    }

    private static Side Describe(ArchitectureSpec set, string name, ServiceSpec service) => new()
    {
        Service = name,
        Version = service.Version!,
        Needs = [.. Needs(service, set)],
        Pet = service.Kind == ServiceKind.Pet,
        Instances = service.Instances.Min,
        Min = service.Instances.Min,
    };

    /// <summary>What a release accepts of the services that Tutti runs.</summary>
    internal static IEnumerable<Need> Needs(ServiceSpec service, ArchitectureSpec set) =>
        from dependency in service.DependsOn
        where set.Services.GetValueOrDefault(dependency.Key)?.External is null
        select new Need(dependency.Key, dependency.Value.Accepts, dependency.Value.Optional);

    internal static ServiceSpec? Entry(ClusterState state, string architecture, int set, string service) =>
        state.Set(architecture, set)?.Spec.Services.GetValueOrDefault(service);
}
