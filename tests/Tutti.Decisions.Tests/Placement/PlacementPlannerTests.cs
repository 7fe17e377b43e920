using System.Collections.Immutable;
using Tutti.Decisions.Placement;
using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest;
using static Tutti.Decisions.Tests.Placement.Given;

namespace Tutti.Decisions.Tests.Placement;

public sealed class PlacementPlannerTests
{
    [Fact]
    public void Nothing_asked_gives_an_empty_plan()
    {
        var plan = Plan(Snapshot(Node("n1")));

        Assert.Empty(plan.Placed);
        Assert.Empty(plan.Evictions);
        Assert.Empty(plan.Unplaced);
    }

    [Fact]
    public void Best_fit_prefers_the_fuller_node()
    {
        var plan = Plan(Snapshot(Node("n1"), Node("n2", usedCpu: 2000, usedMemory: 2048), Node("n3")), Request(1));

        Assert.Equal(["n2"], NodesOf(plan));
    }

    [Fact]
    public void Equal_nodes_are_taken_by_name_whatever_their_order()
    {
        var plan = Plan(Snapshot(Node("n3"), Node("n1"), Node("n2")), Request(1));

        Assert.Equal(["n1"], NodesOf(plan));
    }

    [Fact]
    public void Instances_of_one_service_avoid_each_other_before_they_pack()
    {
        var plan = Plan(Snapshot(Node("n1", usedCpu: 1000), Node("n2"), Node("n3")), Request(4));

        Assert.Equal(["n1", "n2", "n3", "n1"], NodesOf(plan));
    }

    [Fact]
    public void Existing_instances_count_for_anti_affinity()
    {
        var request = Request(1) with { Existing = ImmutableDictionary<string, int>.Empty.Add("n1", 1) };

        Assert.Equal(["n2"], NodesOf(Plan(Snapshot(Node("n1", usedCpu: 1000, usedMemory: 1024), Node("n2")), request)));
    }

    [Fact]
    public void Two_requests_of_one_service_avoid_each_other_too()
    {
        var plan = Plan(Snapshot(Node("n1"), Node("n2")), Request(1), Request(1));

        Assert.Equal(["n1", "n2"], NodesOf(plan));
    }

    [Fact]
    public void Instances_share_a_node_when_there_is_no_other_room()
    {
        Assert.Equal(["n1", "n1", "n1", "n1"], NodesOf(Plan(Snapshot(Node("n1"), Node("n2", cpuMillis: 500)), Request(4))));
    }

    [Fact]
    public void Spread_evens_out_over_values_and_counts_unlabelled_nodes_as_one_value()
    {
        var nodes = Snapshot(
            Node("a1", labels: ("zone", "a")), Node("a2", labels: ("zone", "a")), Node("a3", labels: ("zone", "a")),
            Node("b1", labels: ("zone", "b")),
            Node("x1"), Node("x2"));
        var plan = Plan(nodes, Request(6) with { Spread = "zone" });

        var perZone = NodesOf(plan).CountBy(name => name[0]).ToDictionary();
        Assert.Equal(new Dictionary<char, int> { ['a'] = 2, ['b'] = 2, ['x'] = 2 }, perZone);
    }

    [Fact]
    public void Spread_makes_up_for_existing_instances()
    {
        var request = Request(2) with { Spread = "zone", Existing = ImmutableDictionary<string, int>.Empty.Add("a1", 2) };
        var plan = Plan(Snapshot(Node("a1", labels: ("zone", "a")), Node("a2", labels: ("zone", "a")), Node("b1", labels: ("zone", "b"))), request);

        Assert.Equal(["b1", "b1"], NodesOf(plan));
    }

    [Fact]
    public void Spread_goes_on_where_a_value_is_full()
    {
        var plan = Plan(
            Snapshot(Node("a1", cpuMillis: 1000, labels: ("zone", "a")), Node("b1", labels: ("zone", "b"))),
            Request(4) with { Spread = "zone" });

        Assert.Equal(["a1", "b1", "b1", "b1"], NodesOf(plan));
    }

    [Fact]
    public void The_more_critical_request_comes_first_then_the_given_order()
    {
        var small = Snapshot(Node("n1", cpuMillis: 2000));
        var plan = Plan(
            small,
            Request(1, service: "shop/a"),
            Request(1, service: "shop/b") with { Criticality = Criticality.Sheddable },
            Request(1, service: "shop/c") with { Criticality = Criticality.CriticalPlus });

        Assert.Equal([2, 0], plan.Placed.Select(placed => placed.Request));
        Assert.Equal(1, Assert.Single(plan.Unplaced).Request);
    }

    [Fact]
    public void Closed_nodes_take_nothing()
    {
        Assert.Equal(["n2"], NodesOf(Plan(Snapshot(Node("n1", usedCpu: 1000) with { Closed = "draining" }, Node("n2")), Request(1))));
    }

    [Fact]
    public void Only_the_named_node_will_do()
    {
        Assert.Equal(["n2"], NodesOf(Plan(Snapshot(Node("n1", usedCpu: 1000), Node("n2"), Node("n3")), Request(1) with { Only = "n2" })));
    }

    [Fact]
    public void A_fixed_port_is_given_once_per_node()
    {
        var nodes = Snapshot(Node("n1"), Node("n2") with { FixedPorts = [8080] }, Node("n3"));
        var plan = Plan(nodes, Request(2) with { FixedPorts = [8080] }, Request(1, service: "shop/b") with { FixedPorts = [9090, 8080] });

        Assert.Equal(["n1", "n3"], NodesOf(plan));
        Assert.Equal(1, Assert.Single(plan.Unplaced).Request);
    }

    [Fact]
    public void A_node_without_any_processor_time_still_takes_what_needs_none()
    {
        Assert.Equal(["n1"], NodesOf(Plan(Snapshot(Node("n1", cpuMillis: 0)), Request(1, cpuMillis: 0))));
    }

    [Fact]
    public void Over_committed_nodes_take_nothing()
    {
        Assert.Equal(["n2"], NodesOf(Plan(Snapshot(Node("n1", usedCpu: 5000), Node("n2")), Request(1, cpuMillis: 0))));
    }

    [Fact]
    public void Constraints_choose_among_label_values()
    {
        var nodes = Snapshot(Node("n1", labels: ("disk", "hdd")), Node("n2", labels: ("disk", "ssd")), Node("n3"));
        string[] With(ConstraintOperator @operator, params string[] values) =>
            NodesOf(Plan(nodes, Request(3, cpuMillis: 3000) with { Constraints = [Constraint("disk", @operator, values)] }));

        Assert.Equal(["n2"], With(ConstraintOperator.Equal, "ssd"));
        Assert.Equal(["n1", "n3"], With(ConstraintOperator.NotEqual, "ssd"));
        Assert.Equal(["n1", "n2"], With(ConstraintOperator.In, "ssd", "hdd"));
        Assert.Equal(["n3"], With(ConstraintOperator.NotIn, "ssd", "hdd"));
        Assert.Equal(["n1", "n2"], With(ConstraintOperator.Exists));
    }

    [Fact]
    public void A_negative_need_is_refused_by_name()
    {
        var error = Assert.Throws<ArgumentException>(() => Plan(Snapshot(Node("n1")), Request(1, cpuMillis: -1)));

        Assert.Contains("shop/web", error.Message, StringComparison.Ordinal);
    }
}
