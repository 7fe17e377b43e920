using System.Collections.Immutable;
using Tutti.Control.Loop;
using Tutti.Control.State;
using Tutti.Decisions.Placement;
using Tutti.Model.Agents;
using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest;

namespace Tutti.Control.Placement;

/// <summary>Gives a node to every instance that waits for one, the most critical first, and says why where there is none.</summary>
internal sealed class PlacementReconciler(Workspace work)
{
    /// <summary>Plans for everything that waits and records the plan.</summary>
    public void Reconcile()
    {
        work.Agenda.PlacementDue = false;
        if (work.Agenda.Unplaced.Count == 0)
        {
            return;
        }

        var groups = Groups();
        var snapshot = new PlacementSnapshot { Nodes = work.Rooms.Rooms(), OccupantsOf = work.Rooms.OccupantsOf };
        var plan = PlacementPlanner.Plan(snapshot, [.. groups.Select(group => group.Request)]);
        Place(groups, plan);
        Evict(groups, plan);
        Explain(groups, plan);
    }

    private List<Group> Groups()
    {
        var groups = new List<Group>();
        foreach (var (key, ids) in work.Agenda.Unplaced)
        {
            var waiting = work.State.InstancesOf(key);
            var existing = Existing(waiting.Values);
            var bySpec = ids.Select(id => waiting[id])
                .GroupBy(instance => (instance.Set, Only: OnlyNode(instance)))
                .OrderBy(group => group.Key.Set)
                .ThenBy(group => group.Key.Only, StringComparer.Ordinal);
            foreach (var like in bySpec)
            {
                var instances = like.OrderBy(instance => instance.Created).ThenBy(instance => instance.Id, StringComparer.Ordinal).ToList();
                if (work.SpecOf(instances[0]) is { } spec)
                {
                    groups.Add(new Group(key, instances, Request(key, spec, instances.Count, existing, like.Key.Only)));
                }
            }
        }

        // A stable sort: within one criticality the order of the services stays.
        return [.. groups.OrderBy(group => group.Request.Criticality)];
    }

    private static PlacementRequest Request(ServiceKey key, ServiceSpec spec, int count, IReadOnlyDictionary<string, int> existing, string? only) => new()
    {
        Service = key.ToString(),
        Count = count,
        Criticality = spec.Criticality,
        Needs = NodeRooms.Needs(spec),
        Constraints = spec.Placement.Constraints,
        Spread = spec.Placement.Spread,
        FixedPorts = NodeRooms.FixedPorts(spec),
        Existing = existing,
        Only = only,
    };

    private static Dictionary<string, int> Existing(IEnumerable<Instance> instances)
    {
        var existing = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var instance in instances)
        {
            if (instance is { Node: { } node, Goal: AssignmentGoal.Run })
            {
                existing[node] = existing.GetValueOrDefault(node) + 1;
            }
        }

        return existing;
    }

    private string? OnlyNode(Instance instance) =>
        instance.Ordinal < 0 ? null : work.State.Homes.Find(instance.Key)?.Node;

    private void Place(List<Group> groups, PlacementPlan plan)
    {
        foreach (var (request, node) in plan.Placed)
        {
            if (work.PlacementBudget-- <= 0)
            {
                // The rest in the next turn: a batch has a bound.
                work.Agenda.PlacementDue = true;
                break;
            }

            var group = groups[request];
            var instance = group.Instances[group.Next++];
            work.Put(instance with { Node = node, Reason = null });
            if (instance.Ordinal >= 0 && work.SpecOf(instance)?.Volumes.Count > 0)
            {
                work.Put(new PetHome(instance.Architecture, instance.Id, node, instance.Attempt));
            }
        }
    }

    private void Evict(List<Group> groups, PlacementPlan plan)
    {
        foreach (var eviction in plan.Evictions)
        {
            if (work.State.Instances.Find(eviction.Victim) is { Goal: AssignmentGoal.Run } victim)
            {
                var request = groups[eviction.Request].Request;
                var cause = $"preempted on {eviction.Node} by {request.Service}, which is more critical";
                var stopping = victim.Phase == InstancePhase.Failed ? victim : work.SetPhase(victim, InstancePhase.Destroy, cause);
                work.Put(stopping with { Goal = AssignmentGoal.Stop });
            }
        }
    }

    private void Explain(List<Group> groups, PlacementPlan plan)
    {
        var reasons = plan.Unplaced
            .GroupBy(unplaced => groups[unplaced.Request].Key)
            .ToDictionary(group => group.Key, group => $"{group.Sum(unplaced => unplaced.Count)} waiting for a node: {string.Join("; ", group.Select(unplaced => unplaced.Reason).Distinct())}");
        foreach (var key in groups.Select(group => group.Key).Distinct())
        {
            if (work.State.Service(key) is { } service && service.Unplaced != reasons.GetValueOrDefault(key))
            {
                work.Put(service with { Unplaced = reasons.GetValueOrDefault(key) });
            }
        }
    }

    private sealed record Group(ServiceKey Key, List<Instance> Instances, PlacementRequest Request)
    {
        public int Next { get; set; }
    }
}
