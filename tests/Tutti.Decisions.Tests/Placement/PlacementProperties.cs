using FsCheck.Xunit;
using Tutti.Decisions.Placement;

namespace Tutti.Decisions.Tests.Placement;

[Properties(Arbitrary = [typeof(PlacementCases)], MaxTest = 300)]
public sealed class PlacementProperties
{
    [Property]
    public void Every_instance_is_either_placed_or_unplaced_with_a_reason(PlacementCase @case)
    {
        var plan = @case.Plan();

        for (var i = 0; i < @case.Requests.Length; i++)
        {
            var unplaced = plan.Unplaced.Where(each => each.Request == i).ToList();
            Assert.Equal(@case.Requests[i].Count, plan.Placed.Count(placed => placed.Request == i) + unplaced.Sum(each => each.Count));
            Assert.All(unplaced, each => Assert.InRange(each.Waiting, 0, each.Count));
            Assert.All(unplaced, each => Assert.NotEqual("", each.Reason));
            Assert.All(unplaced, each => Assert.True(each.Count > 0));
        }
    }

    // Adding the placed instances one after the other with the admission check says so of room, ports, constraints, closed and only nodes at once.
    [Property]
    public void Admission_lets_every_placed_instance_in(PlacementCase @case)
    {
        var nodes = @case.Nodes.ToDictionary(node => node.Name);
        foreach (var placed in @case.Plan().Placed)
        {
            Assert.Equal(FitResult.Fits, NodeFit.Check(nodes[placed.Node], @case.Requests[placed.Request]));
            nodes[placed.Node] = BruteForce.With(nodes[placed.Node], @case.Requests[placed.Request]);
        }
    }

    [Property]
    public void Never_over_capacity(PlacementCase @case)
    {
        var plan = @case.Plan();

        foreach (var node in @case.Nodes)
        {
            var placed = plan.Placed.Where(each => each.Node == node.Name).Select(each => @case.Requests[each.Request].Needs).ToList();
            if (placed.Count > 0)
            {
                Assert.True(node.Reserved.Cpu.Millis + placed.Sum(room => room.Cpu.Millis) <= node.Capacity.Cpu.Millis);
                Assert.True(node.Reserved.Memory.Bytes + placed.Sum(room => room.Memory.Bytes) <= node.Capacity.Memory.Bytes);
            }
        }
    }

    [Property]
    public void The_same_plan_again_and_in_any_order_of_nodes(PlacementCase @case)
    {
        var plan = @case.Plan();
        var reversed = @case with
        {
            Nodes = [.. @case.Nodes.Reverse()],
            Occupants = @case.Occupants.ToBuilder().ToDictionary(node => node.Key, node => node.Value.Reverse().ToArray().AsEnumerable())
                .Aggregate(@case.Occupants, (all, node) => all.SetItem(node.Key, [.. node.Value])),
        };

        foreach (var other in new[] { @case.Plan(), reversed.Plan() })
        {
            Assert.Equal(plan.Placed, other.Placed);
            Assert.Equal(plan.Evictions, other.Evictions);
            Assert.Equal(plan.Unplaced, other.Unplaced);
        }
    }

    [Property]
    public void One_request_gets_all_the_room_there_is(PlacementCase @case)
    {
        var alone = @case with { Requests = [@case.Requests[0]] };
        var request = alone.Requests[0];
        var room = alone.Nodes.Sum(node => BruteForce.Capacity(node, request, request.Count));

        Assert.Equal(Math.Min(room, request.Count), alone.Plan().Placed.Length);
    }

    [Property]
    public void Removing_a_constraint_never_places_fewer(PlacementCase @case)
    {
        var request = @case.Requests[0];
        var placed = (@case with { Requests = [request] }).Plan().Placed.Length;
        foreach (var constraint in request.Constraints)
        {
            var looser = @case with { Requests = [request with { Constraints = request.Constraints.Remove(constraint) }] };
            Assert.True(looser.Plan().Placed.Length >= placed);
        }
    }

    // Once no instance of a fuller value could have gone to an emptier one, the counts differ by one at most.
    [Property]
    public void Spread_is_even_wherever_there_is_room(PlacementCase @case)
    {
        var request = @case.Requests[0] with { Spread = "zone" };
        var placed = (@case with { Requests = [request] }).Plan().Placed;
        var counts = @case.Nodes
            .GroupBy(node => node.Labels.GetValueOrDefault("zone") ?? "")
            .Select(zone => (
                Placed: placed.Count(each => zone.Any(node => node.Name == each.Node)),
                All: placed.Count(each => zone.Any(node => node.Name == each.Node)) + zone.Sum(node => request.Existing.GetValueOrDefault(node.Name)),
                Room: zone.Sum(node => BruteForce.Capacity(node, request, request.Count))))
            .ToList();

        foreach (var fuller in counts.Where(zone => zone.Placed > 0))
        {
            Assert.All(counts.Where(zone => zone.Room > zone.Placed), emptier => Assert.True(fuller.All - emptier.All <= 1));
        }
    }

    [Property]
    public void Anti_affinity_is_even_where_room_is_equal(PlacementCase @case)
    {
        var request = @case.Requests[0] with { Spread = null, Only = null };
        var nodes = @case.Nodes.Select(node => node with { Capacity = Given.Room(8000, 4096), Reserved = default, Releasing = default, FixedPorts = [], ReleasingPorts = [] });
        var alike = @case with { Nodes = [.. nodes], Requests = [request] };
        var placed = alike.Plan().Placed;
        var counts = alike.Nodes.Where(node => BruteForce.MayUse(node, request))
            .Select(node => (Placed: placed.Count(each => each.Node == node.Name), Before: request.Existing.GetValueOrDefault(node.Name)))
            .ToList();

        foreach (var fuller in counts.Where(node => node.Placed > 0))
        {
            Assert.All(
                counts.Where(node => request.FixedPorts.IsEmpty || node.Placed == 0),
                emptier => Assert.True(fuller.Placed + fuller.Before - emptier.Placed - emptier.Before <= 1 || !request.FixedPorts.IsEmpty && emptier.Placed > 0));
        }
    }

    [Property]
    public void A_request_for_one_is_placed_exactly_where_admission_lets_it_in(PlacementCase @case)
    {
        var request = @case.Requests[0] with { Count = 1 };
        var plan = (@case with { Requests = [request] }).Plan();
        var fitting = @case.Nodes.Where(node => NodeFit.Check(node, request) == FitResult.Fits).Select(node => node.Name).ToList();

        Assert.Equal(fitting.Count > 0, plan.Placed.Length == 1);
        Assert.All(plan.Placed, placed => Assert.Contains(placed.Node, fitting));
    }
}
