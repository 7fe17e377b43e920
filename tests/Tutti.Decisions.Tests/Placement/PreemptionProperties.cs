using FsCheck.Xunit;
using Tutti.Decisions.Placement;

namespace Tutti.Decisions.Tests.Placement;

[Properties(Arbitrary = [typeof(PlacementCases)], MaxTest = 300)]
public sealed class PreemptionProperties
{
    [Property]
    public void Victims_are_less_critical_unprotected_and_on_a_node_the_request_may_use(PlacementCase @case)
    {
        var plan = @case.Plan();

        Assert.Equal(plan.Evictions.Length, plan.Evictions.DistinctBy(eviction => eviction.Victim).Count());
        foreach (var eviction in plan.Evictions)
        {
            var victim = @case.Occupants[eviction.Node].Single(occupant => occupant.Key == eviction.Victim);
            Assert.False(victim.Protected);
            Assert.True(victim.Criticality > @case.Requests[eviction.Request].Criticality);
            Assert.True(BruteForce.MayUse(@case.Nodes.Single(node => node.Name == eviction.Node), @case.Requests[eviction.Request]));
            Assert.True(plan.Unplaced.Single(unplaced => unplaced.Request == eviction.Request).Waiting > 0);
        }
    }

    [Property]
    public void A_request_for_one_does_the_least_harm_there_is(PlacementCase @case)
    {
        var request = @case.Requests[0] with { Count = 1 };
        var alone = @case with { Requests = [request] };
        var plan = alone.Plan();

        if (plan.Placed.Length == 1)
        {
            Assert.Empty(plan.Evictions);
            return;
        }

        var least = BruteForce.LeastHarm(alone, request);
        Assert.Equal(least is null ? 0 : 1, Assert.Single(plan.Unplaced).Waiting);
        Assert.Equal(least ?? default, BruteForce.HarmOf(VictimsOf(alone, plan)));
    }

    [Property]
    public void No_victim_can_be_left_out(PlacementCase @case)
    {
        var alone = @case with { Requests = [@case.Requests[0]] };
        var plan = alone.Plan();
        var victims = VictimsOf(alone, plan);
        var given = plan.Placed.Length + plan.Unplaced.Sum(unplaced => unplaced.Waiting);

        Assert.True(CapacityWithout(alone, victims) >= given);
        foreach (var victim in victims)
        {
            Assert.True(CapacityWithout(alone, [.. victims.Where(other => other.Key != victim.Key)]) < given, $"{victim.Key} need not go");
        }
    }

    [Property]
    public void All_that_can_be_freed_is_made_use_of(PlacementCase @case)
    {
        var request = @case.Requests[0];
        var alone = @case with { Requests = [request] };
        var plan = alone.Plan();
        var evictable = alone.Occupants.Values.SelectMany(each => each).Where(occupant => !occupant.Protected && occupant.Criticality > request.Criticality);
        var most = CapacityWithout(alone, [.. evictable]);

        Assert.Equal(Math.Min(most, request.Count), plan.Placed.Length + plan.Unplaced.Sum(unplaced => unplaced.Waiting));
    }

    [Property]
    public void While_victims_stop_nobody_else_has_to_go(PlacementCase @case)
    {
        var alone = @case with { Requests = [@case.Requests[0]] };
        var plan = alone.Plan();
        var victims = VictimsOf(alone, plan).Select(victim => victim.Key).ToHashSet();
        var left = plan.Unplaced.Sum(unplaced => unplaced.Count);
        var next = alone with
        {
            Nodes = [.. alone.Nodes.Select(node => Stopping(AfterPlacing(alone, plan, node), [.. alone.Occupants[node.Name].Where(each => victims.Contains(each.Key))]))],
            Occupants = alone.Occupants.Aggregate(alone.Occupants, (all, node) => all.SetItem(
                node.Key,
                [.. node.Value.Select(occupant => victims.Contains(occupant.Key) ? occupant with { Protected = true } : occupant)])),
            Requests = [alone.Requests[0] with { Count = left }],
        };
        var second = next.Plan();

        Assert.Empty(second.Placed);
        Assert.Empty(second.Evictions);
        Assert.Equal(plan.Unplaced.Select(unplaced => unplaced.Waiting), second.Unplaced.Select(unplaced => unplaced.Waiting));
    }

    // What waits must really fit, together with everything placed, once the victims are gone: the requests are placed then in the same order.
    [Property]
    public void A_lower_request_never_takes_what_a_higher_one_waits_for(PlacementCase @case)
    {
        var plan = @case.Plan();
        var first = Enumerable.Range(0, @case.Requests.Length).MinBy(i => @case.Requests[i].Criticality);
        var waiting = plan.Unplaced.Where(unplaced => unplaced.Request == first).Sum(unplaced => unplaced.Waiting);
        var victims = VictimsOf(@case, plan);
        var request = @case.Requests[first];
        var room = @case.Nodes.Sum(node => BruteForce.Capacity(
            BruteForce.Later(AfterPlacing(@case, plan, node), victims.Where(victim => @case.Occupants[node.Name].Contains(victim))), request, request.Count));

        Assert.True(room >= waiting);
    }

    private static List<Occupant> VictimsOf(PlacementCase @case, PlacementPlan plan) =>
        [.. plan.Evictions.Select(eviction => @case.Occupants[eviction.Node].Single(occupant => occupant.Key == eviction.Victim))];

    private static int CapacityWithout(PlacementCase @case, List<Occupant> gone) => @case.Nodes.Sum(node => Math.Max(
        BruteForce.Capacity(BruteForce.Later(node, @case.Occupants[node.Name].Intersect(gone)), @case.Requests[0], @case.Requests[0].Count),
        BruteForce.Capacity(node, @case.Requests[0], @case.Requests[0].Count)));

    private static NodeRoom AfterPlacing(PlacementCase @case, PlacementPlan plan, NodeRoom node) => plan.Placed
        .Where(placed => placed.Node == node.Name)
        .Aggregate(node, (sum, placed) => BruteForce.With(sum, @case.Requests[placed.Request]));

    private static NodeRoom Stopping(NodeRoom node, List<Occupant> victims) => node with
    {
        Releasing = new Room(
            new(node.Releasing.Cpu.Millis + victims.Sum(victim => victim.Reserved.Cpu.Millis)),
            new(node.Releasing.Memory.Bytes + victims.Sum(victim => victim.Reserved.Memory.Bytes))),
        ReleasingPorts = node.ReleasingPorts.Union(victims.SelectMany(victim => victim.FixedPorts)),
    };
}
