using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Tutti.Decisions.Placement;
using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest;
using Tutti.Model.Quantities;

namespace Tutti.Decisions.Tests.Placement;

/// <summary>A small cluster and what is asked of it.</summary>
public sealed record PlacementCase(ImmutableArray<NodeRoom> Nodes, ImmutableSortedDictionary<string, ImmutableArray<Occupant>> Occupants, ImmutableArray<PlacementRequest> Requests)
{
    internal PlacementSnapshot Snapshot => new() { Nodes = Nodes, OccupantsOf = name => Occupants[name] };

    internal PlacementPlan Plan() => PlacementPlanner.Plan(Snapshot, Requests);

    public override string ToString()
    {
        var nodes = Nodes.Select(node =>
            $"{node.Name} {Text(node.Capacity)} reserved {Text(node.Reserved)} releasing {Text(node.Releasing)} {node.Closed} [{string.Join(' ', node.Labels)}] ports [{string.Join(' ', node.FixedPorts)}]\n"
            + string.Concat(Occupants[node.Name].Select(o => $"    {o.Key} {o.Criticality} {Text(o.Reserved)} ports [{string.Join(' ', o.FixedPorts)}]{(o.Protected ? " protected" : "")}\n")));
        var requests = Requests.Select(r =>
            $"{r.Service} x{r.Count} {r.Criticality} {Text(r.Needs)} [{string.Join(' ', r.Constraints.Select(ConstraintMatch.Spell))}] spread {r.Spread} only {r.Only} ports [{string.Join(' ', r.FixedPorts)}] existing [{string.Join(' ', r.Existing)}]");
        return "\n" + string.Concat(nodes) + string.Join('\n', requests);

        static string Text(Room room) => $"{room.Cpu}/{room.Memory}";
    }
}

/// <summary>Generators of small clusters: tight enough that requests compete, wait and preempt.</summary>
public static class PlacementCases
{
    private static readonly Gen<Room> _room =
        from cpu in Gen.Choose(0, 6)
        from memory in Gen.Choose(0, 6)
        select new Room(new Cpu(cpu * 250), ByteSize.FromMebibytes(memory * 64));

    private static readonly Gen<ImmutableArray<int>> _ports = Gen.Frequency(
        (5, Gen.Constant(ImmutableArray<int>.Empty)),
        (1, Gen.Elements<ImmutableArray<int>>([8080], [9090], [8080, 9090])));

    private static readonly Gen<ConstraintSpec> _constraint = Gen.Elements(
        Given.Constraint("disk", ConstraintOperator.Equal, "ssd"),
        Given.Constraint("disk", ConstraintOperator.NotEqual, "ssd"),
        Given.Constraint("zone", ConstraintOperator.In, "a", "b"),
        Given.Constraint("zone", ConstraintOperator.NotIn, "a"),
        Given.Constraint("disk", ConstraintOperator.Exists));

    public static Arbitrary<PlacementCase> Cases() => Arb.From(Case());

    private static Gen<PlacementCase> Case() =>
        from nodes in Gen.Choose(0, 6).SelectMany(count => Sequence(Enumerable.Range(0, count).Select(i => Node($"n{i}"))))
        from requests in Gen.Choose(1, 4).SelectMany(count => Sequence(Enumerable.Range(0, count).Select(i => Request($"shop/s{i}", nodes.Length))))
        select new PlacementCase(
            [.. nodes.Select(node => node.Node)],
            nodes.ToImmutableSortedDictionary(node => node.Node.Name, node => node.Occupants),
            requests);

    private static Gen<(NodeRoom Node, ImmutableArray<Occupant> Occupants)> Node(string name) =>
        from cpu in Gen.Elements(1000, 2000, 4000)
        from memory in Gen.Elements(256, 512, 1024)
        from zone in Gen.Elements("", "a", "b", "c")
        from disk in Gen.Elements("", "ssd", "hdd")
        from closed in Gen.Frequency((8, Gen.Constant((string?)null)), (1, Gen.Constant((string?)"lost")), (1, Gen.Constant((string?)"draining")))
        from occupants in Gen.Choose(0, 5).SelectMany(count => Sequence(Enumerable.Range(0, count).Select(i => Occupant($"{name}/o{i}"))))
        select Build(name, Given.Room(cpu, memory), zone, disk, closed, occupants);

    private static Gen<(Occupant Occupant, bool Stopping)> Occupant(string key) =>
        from room in _room
        from criticality in Skewed(Criticality.Sheddable)
        from ports in _ports
        from state in Gen.Choose(0, 7)
        select (new Occupant(key, "shop/other", criticality, room, ports, Protected: state <= 1), state == 0);

    // Requests are mostly more critical than occupants, so that preemption is common.
    private static Gen<Criticality> Skewed(Criticality common) => Gen.Frequency((2, Gen.Constant(common)), (3, Gen.Elements(Enum.GetValues<Criticality>())));

    private static Gen<PlacementRequest> Request(string service, int nodes) =>
        from count in Gen.Choose(1, 5)
        from criticality in Skewed(Criticality.CriticalPlus)
        from needs in _room
        from constraints in Gen.Frequency((3, Gen.Constant(Array.Empty<ConstraintSpec>())), (2, _constraint.ArrayOf(1)), (1, _constraint.ArrayOf(2)))
        from spread in Gen.Elements(null, null, "zone", "disk")
        from ports in _ports
        from only in Gen.Frequency((8, Gen.Constant(-1)), (1, Gen.Choose(0, 6)))
        from existing in Gen.Choose(0, 2).ArrayOf(nodes)
        select new PlacementRequest
        {
            Service = service,
            Count = count,
            Criticality = criticality,
            Needs = needs,
            Constraints = [.. constraints],
            Spread = spread,
            FixedPorts = ports,
            Only = only < 0 ? null : $"n{only}",
            Existing = existing.Index().Where(each => each.Item > 0).ToImmutableDictionary(each => $"n{each.Index}", each => each.Item),
        };

    private static (NodeRoom, ImmutableArray<Occupant>) Build(
        string name, Room capacity, string zone, string disk, string? closed, ImmutableArray<(Occupant Occupant, bool Stopping)> drawn)
    {
        var kept = new List<(Occupant Occupant, bool Stopping)>();
        foreach (var each in drawn)
        {
            // Now and then a node may be over-committed, as after a change of its capacity; a port is held once.
            if (!kept.Any(other => other.Occupant.FixedPorts.Intersect(each.Occupant.FixedPorts).Any()))
            {
                kept.Add(each);
            }
        }

        var labels = ImmutableSortedDictionary<string, string>.Empty;
        labels = zone.Length > 0 ? labels.Add("zone", zone) : labels;
        labels = disk.Length > 0 ? labels.Add("disk", disk) : labels;
        var node = new NodeRoom
        {
            Name = name,
            Capacity = capacity,
            Reserved = Sum(kept),
            Releasing = Sum(kept.Where(each => each.Stopping)),
            Labels = labels,
            Closed = closed,
            FixedPorts = [.. kept.SelectMany(each => each.Occupant.FixedPorts)],
            ReleasingPorts = [.. kept.Where(each => each.Stopping).SelectMany(each => each.Occupant.FixedPorts)],
        };
        return (node, [.. kept.Select(each => each.Occupant)]);
    }

    private static Room Sum(IEnumerable<(Occupant Occupant, bool Stopping)> occupants) => new(
        new Cpu(occupants.Sum(each => each.Occupant.Reserved.Cpu.Millis)),
        new ByteSize(occupants.Sum(each => each.Occupant.Reserved.Memory.Bytes)));

    private static Gen<ImmutableArray<T>> Sequence<T>(IEnumerable<Gen<T>> generators) => generators.Aggregate(
        Gen.Constant(ImmutableArray<T>.Empty),
        static (all, next) => all.SelectMany(items => next.Select(item => items.Add(item))));
}
