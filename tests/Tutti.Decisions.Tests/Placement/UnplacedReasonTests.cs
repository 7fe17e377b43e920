using Tutti.Decisions.Placement;
using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest;
using static Tutti.Decisions.Tests.Placement.Given;

namespace Tutti.Decisions.Tests.Placement;

public sealed class UnplacedReasonTests
{
    private static string Reason(PlacementSnapshot snapshot, params PlacementRequest[] requests) => Plan(snapshot, requests).Unplaced[^1].Reason;

    [Fact]
    public void Every_group_of_nodes_has_its_clause()
    {
        var nodes = Snapshot(
            Node("n1", memoryMebibytes: 300, labels: ("disk", "ssd")),
            Node("n2", memoryMebibytes: 200, labels: ("disk", "ssd")),
            Node("n3", usedMemory: 4096, labels: ("disk", "ssd")),
            Node("n4", labels: ("disk", "hdd")),
            Node("n5"),
            Node("n6", labels: ("disk", "ssd")) with { Closed = "draining" },
            Node("n7", labels: ("disk", "ssd")) with { FixedPorts = [8080] });
        var request = Request(1, memoryMebibytes: 512) with { Constraints = [Constraint("disk", ConstraintOperator.Equal, "ssd")], FixedPorts = [8080] };

        Assert.Equal(
            "3 nodes lack memory: need 512Mi, largest free 300Mi; 2 nodes do not match disk = ssd; 1 node is draining; port 8080 is taken on 1 node",
            Reason(nodes, request));
    }

    [Fact]
    public void No_node_at_all() => Assert.Equal("there is no node yet", Reason(Snapshot(), Request(1)));

    [Fact]
    public void One_of_each_is_singular()
    {
        var nodes = Snapshot(Node("n1", cpuMillis: 500), Node("n2", labels: ("gpu", "no")), Node("n3", cpuMillis: 250, memoryMebibytes: 100), Node("n4") with { Closed = "lost" });
        var request = Request(1) with { Constraints = [Constraint("gpu", ConstraintOperator.NotIn, "no", "off")] };

        Assert.Equal(
            "1 node lacks cpu: need 1, largest free 500m; 1 node lacks cpu and memory: need 1 and 1Gi, largest free 250m and 100Mi; "
            + "1 node does not match gpu not in no,off; 1 node is lost",
            Reason(nodes, request));
    }

    [Fact]
    public void Room_taken_earlier_in_the_same_plan_counts() =>
        Assert.Equal("2 nodes lack cpu: need 3, largest free 1", Reason(Snapshot(Node("n1"), Node("n2")), Request(3, cpuMillis: 3000)));

    [Fact]
    public void Odd_free_memory_is_rounded_down_to_mebibytes()
    {
        var node = Node("n1") with { Capacity = new Room(new Model.Quantities.Cpu(4000), new Model.Quantities.ByteSize((300L << 20) + 12_345)) };

        Assert.Equal("1 node lacks memory: need 512Mi, largest free 300Mi", Reason(Snapshot(node), Request(1, memoryMebibytes: 512)));
    }

    [Fact]
    public void The_only_node_is_named()
    {
        Assert.Equal("it must run on node n2: 1 node is lost", Reason(Snapshot(Node("n1"), Node("n2") with { Closed = "lost" }), Request(1) with { Only = "n2" }));
        Assert.Equal("it must run on node n9, which is not there", Reason(Snapshot(Node("n1")), Request(1) with { Only = "n9" }));
    }

    [Fact]
    public void Room_being_freed_and_room_kept_for_others_are_said()
    {
        var nodes = Snapshot(Node("n1", usedCpu: 3000) with { Releasing = Room(3000, 0) });
        var plan = Plan(
            nodes,
            Request(1, cpuMillis: 4000, service: "shop/big") with { Criticality = Criticality.CriticalPlus },
            Request(1, cpuMillis: 500, service: "shop/small"));

        Assert.Equal("room for it is being freed on 1 node", plan.Unplaced[0].Reason);
        Assert.Equal("room on 1 node is kept for requests that come first", plan.Unplaced[1].Reason);
        Assert.Equal([1, 0], plan.Unplaced.Select(unplaced => unplaced.Waiting));
    }
}
