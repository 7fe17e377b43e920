using Tutti.Decisions.Placement;
using Tutti.Model.Manifest;
using static Tutti.Decisions.Tests.Placement.Given;

namespace Tutti.Decisions.Tests.Placement;

public sealed class NodeFitTests
{
    [Fact]
    public void Everything_in_the_way_is_named_at_once()
    {
        var node = Node("n1", cpuMillis: 500, memoryMebibytes: 100, labels: ("disk", "hdd")) with { Closed = "lost", FixedPorts = [8080] };
        var request = Request(1) with { Only = "n2", FixedPorts = [8080], Constraints = [Constraint("disk", ConstraintOperator.Equal, "ssd")] };

        Assert.Equal(
            FitResult.OtherNode | FitResult.Constraint | FitResult.Closed | FitResult.Port | FitResult.Cpu | FitResult.Memory,
            NodeFit.Check(node, request));
    }

    [Fact]
    public void Exactly_as_much_as_is_free_fits_and_one_more_does_not()
    {
        Assert.Equal(FitResult.Fits, NodeFit.Check(Room(1000, 512), Room(1000, 512)));
        Assert.Equal(FitResult.Cpu, NodeFit.Check(Room(999, 512), Room(1000, 512)));
        Assert.Equal(FitResult.Memory, NodeFit.Check(Room(1000, 511), Room(1000, 512)));
    }

    [Fact]
    public void The_score_follows_its_formula()
    {
        Assert.Equal(0, FitScore.Of(1, 1), 6);
        Assert.Equal(1, FitScore.Of(0, 0), 6);
        for (var cpu = 0.0; cpu <= 1; cpu += 0.0371)
        {
            for (var memory = 0.0; memory <= 1; memory += 0.0519)
            {
                Assert.Equal((20 - Math.Pow(10, cpu) - Math.Pow(10, memory)) / 18, FitScore.Of(cpu, memory), tolerance: 1e-6);
            }
        }
    }
}
