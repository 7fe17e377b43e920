using System.Collections.Immutable;
using Tutti.Control.Loop;
using Tutti.Control.Placement;
using Tutti.Control.State;
using Tutti.Decisions.Placement;
using Tutti.Decisions.Transitions;
using Tutti.Model.Agents;
using Tutti.Model.Manifest;

namespace Tutti.Control.Transitions;

/// <summary>Whether there is room for every side that has to run beside the one it replaces. Asked with the same planner that places them later.</summary>
public sealed class SideRoom
{
    private readonly ClusterState _state;
    private readonly NodeRooms _rooms;

    internal SideRoom(Workspace work) => (_state, _rooms) = (work.State, work.Rooms);

    private SideRoom(ClusterState state)
    {
        (_state, _rooms) = (state, new NodeRooms(state));
        foreach (object document in state.Nodes.All.Concat<object>(state.Instances.All))
        {
            _rooms.Observe(null, document);
        }
    }

    /// <summary>For a state that nobody keeps an account of the nodes for.</summary>
    public static SideRoom Of(ClusterState state) => new(state);

    /// <summary>A sentence that says what does not fit and what to do; null: all of it fits, or nothing runs side by side.</summary>
    public string? Lacks(string architecture, ArchitectureSpec target, TransitionPlan plan)
    {
        var beside = SideBySide(plan)
            .Select(service => Request(new ServiceKey(architecture, service), target.Services[service]))
            .Where(request => request.Count > 0)
            .OrderBy(request => request.Criticality)
            .ToList();
        if (beside.Count == 0)
        {
            return null;
        }

        var snapshot = new PlacementSnapshot { Nodes = _rooms.Rooms(), OccupantsOf = _rooms.OccupantsOf };
        var lacking = PlacementPlanner.Plan(snapshot, beside).Unplaced
            .Select(unplaced => $"{unplaced.Count} of {Short(beside[unplaced.Request].Service)} {target.Services[Short(beside[unplaced.Request].Service)].Version} ({unplaced.Reason})")
            .ToList();
        return lacking.Count == 0
            ? null
            : $"old and new have to run side by side here and there is no room for {string.Join(", ", lacking)}; "
              + "add a node, free some room, or lower 'instances' or 'resources' of these services first. Nothing was changed";
    }

    /// <summary>Services whose new side starts in full while an old one is held.</summary>
    public static ImmutableArray<string> SideBySide(TransitionPlan plan)
    {
        var held = plan.Events.Where(e => e is { Kind: TransitionEventKind.Retire, Rolls: false }).Select(e => e.Service).ToHashSet(StringComparer.Ordinal);
        return [.. plan.Events
            .Where(e => e.Kind == TransitionEventKind.Start && held.Contains(e.Service) && !IsPetExchange(plan, e))
            .Select(e => e.Service)];
    }

    /// <summary>A pet's Start waits for its own Retire: it runs in the same place, never beside.</summary>
    private static bool IsPetExchange(TransitionPlan plan, TransitionEvent start) =>
        start.After.Any(wait => plan.Events[wait.Event] is { Kind: TransitionEventKind.Retire } retire && retire.Service == start.Service);

    private PlacementRequest Request(ServiceKey key, ServiceSpec spec)
    {
        var instances = _state.InstancesOf(key).Values.Where(instance => instance.Goal == AssignmentGoal.Run).ToList();
        var there = instances.Count(instance => instance.Version.Equals(spec.Version));
        return new PlacementRequest
        {
            Service = key.ToString(),
            Count = Math.Max(0, spec.Instances.Min - there),
            Criticality = spec.Criticality,
            Needs = NodeRooms.Needs(spec),
            Constraints = spec.Placement.Constraints,
            Spread = spec.Placement.Spread,
            FixedPorts = NodeRooms.FixedPorts(spec),
            Existing = instances.Where(instance => instance.Node is not null).CountBy(instance => instance.Node!).ToDictionary(StringComparer.Ordinal),
            Only = null,
        };
    }

    private static string Short(string key) => key[(key.IndexOf('/') + 1)..];
}
