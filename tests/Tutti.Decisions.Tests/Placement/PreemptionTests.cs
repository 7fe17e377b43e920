using Tutti.Decisions.Placement;
using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest;
using static Tutti.Decisions.Tests.Placement.Given;
using static Tutti.Model.Lifecycle.Criticality;

namespace Tutti.Decisions.Tests.Placement;

public sealed class PreemptionTests
{
    private static string[] Victims(PlacementPlan plan) => [.. plan.Evictions.Select(eviction => eviction.Victim).Order()];

    [Fact]
    public void A_less_critical_instance_gives_way_and_the_request_waits()
    {
        var plan = Plan(Occupied((Node("n1"), [Occupant("shop/x", Sheddable, 4000, 1024)])), Request(1));

        Assert.Equal([new Eviction("shop/x", 0, "n1")], plan.Evictions);
        Assert.Empty(plan.Placed);
        Assert.Equal(new UnplacedRequest(0, 1, 1, "room for it is being freed on 1 node"), Assert.Single(plan.Unplaced));
    }

    [Theory]
    [InlineData(Critical, Critical)]
    [InlineData(Critical, CriticalPlus)]
    [InlineData(Sheddable, Sheddable)]
    public void Equals_and_betters_never_give_way(Criticality request, Criticality occupant)
    {
        var plan = Plan(Occupied((Node("n1"), [Occupant("shop/x", occupant, 4000, 1024)])), Request(1) with { Criticality = request });

        Assert.Empty(plan.Evictions);
        Assert.Equal("1 node lacks cpu: need 1, largest free 0", Assert.Single(plan.Unplaced).Reason);
    }

    [Fact]
    public void The_protected_never_give_way()
    {
        Assert.Empty(Plan(Occupied((Node("n1"), [Occupant("shop/x", Sheddable, 4000, 1024) with { Protected = true }])), Request(1)).Evictions);
    }

    [Fact]
    public void Nobody_gives_way_while_room_is_free_or_being_freed()
    {
        var full = (Node("n1"), new[] { Occupant("shop/x", Sheddable, 4000, 1024) });
        Assert.Empty(Plan(Occupied(full, (Node("n2"), [])), Request(1)).Evictions);

        var stopping = Occupant("shop/y", CriticalPlus, 4000, 1024) with { Protected = true };
        var plan = Plan(Occupied(full, (Node("n2") with { Releasing = stopping.Reserved }, [stopping])), Request(1));
        Assert.Empty(plan.Evictions);
        Assert.Equal(1, Assert.Single(plan.Unplaced).Waiting);
    }

    [Fact]
    public void The_least_critical_go_even_if_they_are_more()
    {
        var plan = Plan(
            Occupied(
                (Node("n1"), [Occupant("shop/a", SheddablePlus, 4000, 1024)]),
                (Node("n2"), [Occupant("shop/b", Sheddable, 2000, 1024), Occupant("shop/c", Sheddable, 2000, 1024)])),
            Request(1, cpuMillis: 4000));

        Assert.Equal(["shop/b", "shop/c"], Victims(plan));
    }

    [Fact]
    public void Of_the_equally_critical_the_fewest_go_then_the_smallest()
    {
        var plan = Plan(
            Occupied(
                (Node("n1"), [Occupant("shop/a", Sheddable, 2000, 1024), Occupant("shop/b", Sheddable, 2000, 1024)]),
                (Node("n2"), [Occupant("shop/c", Sheddable, 4000, 2048)]),
                (Node("n3"), [Occupant("shop/d", Sheddable, 4000, 1024)])),
            Request(1, cpuMillis: 4000));

        Assert.Equal(["shop/d"], Victims(plan));
    }

    [Fact]
    public void One_large_victim_is_better_than_two_small_ones()
    {
        var plan = Plan(
            Occupied((Node("n1"), [Occupant("shop/a", Sheddable, 1000, 10), Occupant("shop/b", Sheddable, 1000, 10), Occupant("shop/c", Sheddable, 2000, 10)])),
            Request(1, cpuMillis: 2000));

        Assert.Equal(["shop/c"], Victims(plan));
    }

    [Fact]
    public void Room_of_a_victim_serves_further_instances()
    {
        var plan = Plan(
            Occupied((Node("n1"), [Occupant("shop/a", Sheddable, 2000, 2048), Occupant("shop/b", Sheddable, 2000, 2048)])),
            Request(2));

        Assert.Single(plan.Evictions);
        Assert.Equal(2, Assert.Single(plan.Unplaced).Waiting);
    }

    [Fact]
    public void A_victim_that_a_later_choice_makes_needless_stays()
    {
        var plan = Plan(
            Occupied(
                (Node("n1", cpuMillis: 1000), [Occupant("shop/small", Sheddable, 1000, 10)]),
                (Node("n2", cpuMillis: 3000), [Occupant("shop/large", Sheddable, 3000, 2048)])),
            Request(2, memoryMebibytes: 512));

        Assert.Equal(["shop/large"], Victims(plan));
        Assert.Equal(2, Assert.Single(plan.Unplaced).Waiting);
    }

    [Fact]
    public void A_needless_victim_stays_on_an_over_committed_node_too()
    {
        var plan = Plan(
            Occupied(
                (Node("n1", cpuMillis: 1000), [Occupant("shop/small", Sheddable, 1250, 10)]),
                (Node("n2"), [Occupant("shop/large", Sheddable, 4000, 2048)])),
            Request(4, cpuMillis: 500, memoryMebibytes: 64));

        Assert.Equal(["shop/large"], Victims(plan));
    }

    [Fact]
    public void Constraints_closed_nodes_and_the_only_node_hold_for_preemption()
    {
        var nodes = Occupied(
            (Node("n1", labels: ("disk", "hdd")), [Occupant("shop/a", Sheddable, 4000, 10)]),
            (Node("n2", labels: ("disk", "ssd")) with { Closed = "draining" }, [Occupant("shop/b", Sheddable, 4000, 10)]),
            (Node("n3", labels: ("disk", "ssd")), [Occupant("shop/c", SheddablePlus, 4000, 10)]));

        Assert.Equal(["shop/c"], Victims(Plan(nodes, Request(1) with { Constraints = [Constraint("disk", ConstraintOperator.Equal, "ssd")] })));
        Assert.Equal(["shop/c"], Victims(Plan(nodes, Request(1) with { Only = "n3" })));
        Assert.Empty(Plan(nodes, Request(1) with { Only = "n2" }).Evictions);
    }

    [Fact]
    public void The_holder_of_a_port_goes_and_the_port_is_waited_for_afterwards()
    {
        var holder = Occupant("shop/a", Sheddable, 100, 10, 8080);
        var nodes = Occupied((Node("n1"), [holder, Occupant("shop/b", Sheddable, 100, 10)]), (Node("n2"), [Occupant("shop/c", Critical, 100, 10, 8080)]));
        var request = Request(1) with { FixedPorts = [8080] };
        Assert.Equal(["shop/a"], Victims(Plan(nodes, request)));

        var stopping = nodes with
        {
            Nodes = [nodes.Nodes[0] with { Releasing = holder.Reserved, ReleasingPorts = [8080] }, nodes.Nodes[1]],
            OccupantsOf = name => name == "n1" ? [holder with { Protected = true }] : [],
        };
        var next = Plan(stopping, request);
        Assert.Empty(next.Evictions);
        Assert.Equal(1, Assert.Single(next.Unplaced).Waiting);
    }

    [Fact]
    public void Two_requests_do_not_count_the_same_victim_twice()
    {
        var plan = Plan(
            Occupied((Node("n1"), [Occupant("shop/a", Sheddable, 2000, 10), Occupant("shop/b", Sheddable, 2000, 10)])),
            Request(1, cpuMillis: 2000, service: "shop/x"),
            Request(1, cpuMillis: 2000, service: "shop/y"),
            Request(1, cpuMillis: 2000, service: "shop/z"));

        Assert.Equal(["shop/a", "shop/b"], Victims(plan));
        Assert.Equal([1, 1, 0], plan.Unplaced.Select(unplaced => unplaced.Waiting));
    }

    [Fact]
    public void Many_unlike_occupants_are_searched_within_bounds()
    {
        var occupants = Enumerable.Range(0, 400).Select(i => Occupant($"shop/o{i:d3}", Sheddable, 100 + (i * 7 % 97), 64 + (i * 13 % 89))).ToArray();
        var plan = Plan(Occupied((Node("n1", cpuMillis: 60_000, memoryMebibytes: 44_000), occupants)), Request(1, cpuMillis: 12_000, memoryMebibytes: 9_000));

        var freed = occupants.IntersectBy(Victims(plan), occupant => occupant.Key).ToList();
        var node = Occupied((Node("n1", cpuMillis: 60_000, memoryMebibytes: 44_000), occupants)).Nodes[0];
        var cpu = node.Free.Cpu.Millis + freed.Sum(victim => victim.Reserved.Cpu.Millis) - 12_000;
        var memory = node.Free.Memory.Bytes + freed.Sum(victim => victim.Reserved.Memory.Bytes) - (9_000L << 20);
        Assert.True(cpu >= 0 && memory >= 0);
        Assert.DoesNotContain(freed, victim => victim.Reserved.Cpu.Millis <= cpu && victim.Reserved.Memory.Bytes <= memory);
    }
}
