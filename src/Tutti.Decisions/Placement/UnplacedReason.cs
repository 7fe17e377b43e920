using Tutti.Model.Quantities;

namespace Tutti.Decisions.Placement;

/// <summary>Says why a request has no node: a clause per group of nodes with the same cause.</summary>
internal static class UnplacedReason
{
    private const long Mebibyte = 1L << 20;

    private enum Cause
    {
        Waiting,
        Lacking,
        Kept,
        Constraint,
        Closed,
        Port,
    }

    /// <summary>The reason, from how the room stands once everything possible was placed.</summary>
    /// <param name="table">The room.</param>
    /// <param name="request">The request.</param>
    /// <param name="filter">The nodes it may use.</param>
    /// <param name="keptOn">Nodes where room that is being freed is kept for it.</param>
    public static string Of(NodeTable table, PlacementRequest request, NodeFilter filter, HashSet<int> keptOn)
    {
        if (table.Count == 0)
        {
            return "there is no node yet";
        }

        if (filter.First == filter.End)
        {
            return $"it must run on node {request.Only}, which is not there";
        }

        var groups = new Dictionary<(Cause Cause, string Detail), Group>();
        for (var node = filter.First; node < filter.End; node++)
        {
            var key = Classify(table, request, filter, keptOn, node);
            ref readonly var row = ref table.Rows[node];
            var group = groups.GetValueOrDefault(key);
            groups[key] = new Group(group.Nodes + 1, Math.Max(group.FreeCpu, row.OpenCpu), Math.Max(group.FreeMemory, row.OpenMemory));
        }

        var clauses = groups
            .OrderBy(group => group.Key.Cause)
            .ThenByDescending(group => group.Value.Nodes)
            .ThenBy(group => group.Key.Detail, StringComparer.Ordinal)
            .Select(group => Clause(group.Key.Cause, group.Key.Detail, group.Value, request));
        return (request.Only is { } only ? $"it must run on node {only}: " : "") + string.Join("; ", clauses);
    }

    private static (Cause Cause, string Detail) Classify(NodeTable table, PlacementRequest request, NodeFilter filter, HashSet<int> keptOn, int node)
    {
        if (keptOn.Contains(node))
        {
            return (Cause.Waiting, "");
        }

        if (filter.Broken(node) is { } constraint)
        {
            return (Cause.Constraint, ConstraintMatch.Spell(constraint));
        }

        ref readonly var row = ref table.Rows[node];
        if (row.Closed)
        {
            return (Cause.Closed, table.Nodes[node].Closed!);
        }

        if (table.TakenPort(node, request) is { } port)
        {
            return (Cause.Port, port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        // Enough is free, yet not open: it is kept.
        return NodeFit.Check(row.FreeCpu, row.FreeMemory, request.Needs) == FitResult.Fits
            ? (Cause.Kept, "")
            : (Cause.Lacking, NodeFit.Check(row.OpenCpu, row.OpenMemory, request.Needs) switch
            {
                FitResult.Cpu => "cpu",
                FitResult.Memory => "memory",
                _ => "cpu and memory",
            });
    }

    private static string Clause(Cause cause, string detail, Group group, PlacementRequest request)
    {
        var one = group.Nodes == 1;
        var nodes = one ? "1 node" : $"{group.Nodes} nodes";
        return cause switch
        {
            Cause.Waiting => $"room for it is being freed on {nodes}",
            Cause.Lacking => $"{nodes} {(one ? "lacks" : "lack")} {detail}: need {Amount(detail, request.Needs)}, largest free {Amount(detail, Free(group))}",
            Cause.Kept => $"room on {nodes} is kept for requests that come first",
            Cause.Constraint => $"{nodes} {(one ? "does" : "do")} not match {detail}",
            Cause.Closed => $"{nodes} {(one ? "is" : "are")} {detail}",
            Cause.Port => $"port {detail} is taken on {nodes}",
            _ => throw new ArgumentOutOfRangeException(nameof(cause), cause, "no such cause"),
        };
    }

    private static string Amount(string kind, Room room) => kind switch
    {
        "cpu" => room.Cpu.ToString(),
        "memory" => room.Memory.ToString(),
        _ => $"{room.Cpu} and {room.Memory}",
    };

    private static Room Free(Group group)
    {
        var memory = Math.Max(0, group.FreeMemory);
        // Whole mebibytes read better, and rounding down never makes too little look like enough.
        return new Room(new Cpu(Math.Max(0, group.FreeCpu)), new ByteSize(memory < 10 * Mebibyte ? memory : memory - (memory % Mebibyte)));
    }

    private readonly record struct Group(int Nodes, long FreeCpu, long FreeMemory);
}
