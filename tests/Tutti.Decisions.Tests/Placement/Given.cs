using System.Collections.Immutable;
using Tutti.Decisions.Placement;
using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest;
using Tutti.Model.Quantities;

namespace Tutti.Decisions.Tests.Placement;

/// <summary>Short spellings of what placement decides from.</summary>
internal static class Given
{
    public static Room Room(long cpuMillis, long memoryMebibytes) => new(new Cpu(cpuMillis), ByteSize.FromMebibytes(memoryMebibytes));

    public static NodeRoom Node(string name, long cpuMillis = 4000, long memoryMebibytes = 4096, long usedCpu = 0, long usedMemory = 0, params (string, string)[] labels) => new()
    {
        Name = name,
        Capacity = Room(cpuMillis, memoryMebibytes),
        Reserved = Room(usedCpu, usedMemory),
        Labels = labels.ToImmutableSortedDictionary(label => label.Item1, label => label.Item2),
    };

    public static PlacementRequest Request(int count, long cpuMillis = 1000, long memoryMebibytes = 1024, string service = "shop/web") =>
        new() { Service = service, Count = count, Needs = Room(cpuMillis, memoryMebibytes) };

    public static Occupant Occupant(string key, Criticality criticality, long cpuMillis, long memoryMebibytes, params int[] ports) =>
        new(key, "shop/other", criticality, Room(cpuMillis, memoryMebibytes), [.. ports], Protected: false);

    public static ConstraintSpec Constraint(string label, ConstraintOperator @operator, params string[] values) =>
        new() { Label = label, Operator = @operator, Values = [.. values] };

    public static PlacementSnapshot Snapshot(params NodeRoom[] nodes) => new() { Nodes = nodes, OccupantsOf = _ => [] };

    /// <summary>Nodes whose reserved room and ports are exactly those of their occupants.</summary>
    public static PlacementSnapshot Occupied(params (NodeRoom Node, Occupant[] Occupants)[] nodes) => new()
    {
        Nodes = [.. nodes.Select(each => each.Node with
        {
            Reserved = new Room(
                new Cpu(each.Occupants.Sum(occupant => occupant.Reserved.Cpu.Millis)),
                new ByteSize(each.Occupants.Sum(occupant => occupant.Reserved.Memory.Bytes))),
            FixedPorts = [.. each.Occupants.SelectMany(occupant => occupant.FixedPorts)],
        })],
        OccupantsOf = name => nodes.Single(each => each.Node.Name == name).Occupants,
    };

    public static PlacementPlan Plan(PlacementSnapshot snapshot, params PlacementRequest[] requests) => PlacementPlanner.Plan(snapshot, requests);

    public static string[] NodesOf(PlacementPlan plan) => [.. plan.Placed.Select(placed => placed.Node)];
}
