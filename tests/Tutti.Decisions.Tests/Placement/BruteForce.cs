using Tutti.Decisions.Placement;

namespace Tutti.Decisions.Tests.Placement;

/// <summary>The slow and obvious way, to hold the planner against.</summary>
internal static class BruteForce
{
    private const FitResult Passing = FitResult.Cpu | FitResult.Memory | FitResult.Port;

    /// <summary>Whether a node may take the request once there is room.</summary>
    public static bool MayUse(NodeRoom node, PlacementRequest request) => (NodeFit.Check(node, request) & ~Passing) == FitResult.Fits;

    /// <summary>How many instances fit when only the reserved room and the ports given here are in use, found by adding one after the other.</summary>
    public static int Capacity(NodeRoom node, PlacementRequest request, int most)
    {
        var count = 0;
        while (count < most && NodeFit.Check(node, request) == FitResult.Fits)
        {
            node = With(node, request);
            count++;
        }

        return count;
    }

    /// <summary>The node with one more instance of the request on it.</summary>
    public static NodeRoom With(NodeRoom node, PlacementRequest request) => node with
    {
        Reserved = new Room(node.Reserved.Cpu + request.Needs.Cpu, node.Reserved.Memory + request.Needs.Memory),
        FixedPorts = node.FixedPorts.Union(request.FixedPorts),
    };

    /// <summary>The node once everything that stops, and these victims, are gone.</summary>
    public static NodeRoom Later(NodeRoom node, IEnumerable<Occupant> victims)
    {
        var gone = victims.ToList();
        return node with
        {
            Reserved = new Room(
                new(node.Reserved.Cpu.Millis - node.Releasing.Cpu.Millis - gone.Sum(victim => victim.Reserved.Cpu.Millis)),
                new(node.Reserved.Memory.Bytes - node.Releasing.Memory.Bytes - gone.Sum(victim => victim.Reserved.Memory.Bytes))),
            Releasing = default,
            FixedPorts = node.FixedPorts.Except(node.ReleasingPorts).Except(gone.SelectMany(victim => victim.FixedPorts)),
            ReleasingPorts = [],
        };
    }

    /// <summary>The least harm with which one instance of the request gets room anywhere, trying every set of victims on every node; null where none will do.</summary>
    public static Harm? LeastHarm(PlacementCase @case, PlacementRequest request)
    {
        Harm? least = null;
        foreach (var node in @case.Nodes.Where(node => MayUse(node, request)))
        {
            var candidates = @case.Occupants[node.Name].Where(occupant => !occupant.Protected && occupant.Criticality > request.Criticality).ToList();
            for (var chosen = 0; chosen < 1 << candidates.Count; chosen++)
            {
                var victims = candidates.Where((_, i) => (chosen & (1 << i)) != 0).ToList();
                var harm = HarmOf(victims);
                if (NodeFit.Check(Later(node, victims), request) == FitResult.Fits && (least is null || harm.CompareTo(least.Value) < 0))
                {
                    least = harm;
                }
            }
        }

        return least;
    }

    public static Harm HarmOf(IEnumerable<Occupant> victims) => victims.Aggregate(default(Harm), (sum, victim) => sum.And(victim));
}
