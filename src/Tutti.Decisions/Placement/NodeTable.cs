using System.Buffers;

namespace Tutti.Decisions.Placement;

/// <summary>Every node's room and ports while a plan is made: what is decided is taken from here at once.</summary>
internal sealed class NodeTable : IDisposable
{
    private readonly NodeRow[] _rows;
    private readonly HashSet<(int Node, int Port)> _claimedPorts = [];
    private readonly HashSet<(int Node, int Port)> _freedPorts = [];

    public NodeTable(IReadOnlyList<NodeRoom> nodes)
    {
        Nodes = Sorted(nodes);
        Count = Nodes.Count;
        // Rented, because a table of many nodes would otherwise be a large object per plan, and plans are made every turn.
        _rows = ArrayPool<NodeRow>.Shared.Rent(Count);
        for (var i = 0; i < Count; i++)
        {
            _rows[i] = new NodeRow(Nodes[i]);
        }
    }

    /// <summary>The nodes, ordered by name.</summary>
    public IReadOnlyList<NodeRoom> Nodes { get; }

    /// <summary>How many.</summary>
    public int Count { get; }

    /// <summary>Their room, in the same order.</summary>
    public Span<NodeRow> Rows => _rows.AsSpan(0, Count);

    /// <summary>Index of a node by name; negative where there is none.</summary>
    public int IndexOf(string name)
    {
        var (low, high) = (0, Count - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = string.CompareOrdinal(Nodes[middle].Name, name);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }

    /// <summary>Gives room and ports away now.</summary>
    public void Take(int node, PlacementRequest request)
    {
        _rows[node].Take(request.Needs);
        Claim(node, request);
    }

    /// <summary>Keeps room and ports that are being freed, so that no later request takes them.</summary>
    public void Keep(int node, PlacementRequest request)
    {
        _rows[node].Keep(request.Needs, 1);
        Claim(node, request);
    }

    /// <summary>Keeps the room for some instances of a request on another node instead; not for a request with fixed ports.</summary>
    public void MoveKept(int from, int to, PlacementRequest request, int instances)
    {
        _rows[from].Keep(request.Needs, -instances);
        _rows[to].Keep(request.Needs, instances);
    }

    /// <summary>How many more instances of a request will fit a node once everything that stops is gone.</summary>
    public long FitLater(int node, PlacementRequest request)
    {
        ref readonly var row = ref _rows[node];
        if (NodeFit.Check(row.LaterCpu, row.LaterMemory, request.Needs) != FitResult.Fits || !PortsFreeLater(node, request))
        {
            return 0;
        }

        var byCpu = request.Needs.Cpu.Millis > 0 ? row.LaterCpu / request.Needs.Cpu.Millis : long.MaxValue;
        var byMemory = request.Needs.Memory.Bytes > 0 ? row.LaterMemory / request.Needs.Memory.Bytes : long.MaxValue;
        return request.FixedPorts.IsEmpty ? Math.Min(byCpu, byMemory) : 1;
    }

    /// <summary>How many instances of a request would have to go elsewhere for a victim to stay; more than there are where that does not help.</summary>
    public long DisplacedBySparing(int node, Occupant victim, PlacementRequest request)
    {
        if (HoldsClaimedPort(node, victim))
        {
            return long.MaxValue;
        }

        ref readonly var row = ref _rows[node];
        var displaced = Math.Max(
            Displaced(victim.Reserved.Cpu.Millis - row.LaterCpu, request.Needs.Cpu.Millis),
            Displaced(victim.Reserved.Memory.Bytes - row.LaterMemory, request.Needs.Memory.Bytes));
        // Once nothing of the plan is left here, the victim stays whatever the room: the node may have been over-committed before.
        return Math.Min(displaced, row.Given);

        static long Displaced(long lacking, long each) => lacking <= 0 ? 0 : each <= 0 ? long.MaxValue : ((lacking - 1) / each) + 1;
    }

    /// <summary>Counts what a victim gives back once it is gone.</summary>
    public void Release(int node, Occupant victim)
    {
        ref var row = ref _rows[node];
        row.LaterCpu += victim.Reserved.Cpu.Millis;
        row.LaterMemory += victim.Reserved.Memory.Bytes;
        foreach (var port in victim.FixedPorts)
        {
            _freedPorts.Add((node, port));
        }
    }

    /// <summary>Lets a victim stay where everything kept on the node fits without what it would give back; false where it has to go.</summary>
    public bool TrySpare(int node, Occupant victim)
    {
        ref var row = ref _rows[node];
        var hasRoom = row.LaterCpu >= victim.Reserved.Cpu.Millis && row.LaterMemory >= victim.Reserved.Memory.Bytes;
        if ((!hasRoom && row.Given > 0) || HoldsClaimedPort(node, victim))
        {
            return false;
        }

        row.LaterCpu -= victim.Reserved.Cpu.Millis;
        row.LaterMemory -= victim.Reserved.Memory.Bytes;
        foreach (var port in victim.FixedPorts)
        {
            _freedPorts.Remove((node, port));
        }

        return true;
    }

    /// <summary>The first of the ports that is taken now, or null.</summary>
    public int? TakenPort(int node, PlacementRequest request)
    {
        foreach (var port in request.FixedPorts)
        {
            if (Nodes[node].FixedPorts.Contains(port) || IsClaimed(node, port))
            {
                return port;
            }
        }

        return null;
    }

    /// <summary>Whether a port was given to, or kept for, a request of this plan.</summary>
    public bool IsClaimed(int node, int port) => _claimedPorts.Contains((node, port));

    /// <summary>Whether a port is in use by something that does not stop.</summary>
    public bool IsOccupied(int node, int port) =>
        Nodes[node].FixedPorts.Contains(port) && !Nodes[node].ReleasingPorts.Contains(port) && !_freedPorts.Contains((node, port));

    /// <summary>Whether all the ports will be free once everything that stops is gone.</summary>
    public bool PortsFreeLater(int node, PlacementRequest request)
    {
        foreach (var port in request.FixedPorts)
        {
            if (IsClaimed(node, port) || IsOccupied(node, port))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => ArrayPool<NodeRow>.Shared.Return(_rows);

    private void Claim(int node, PlacementRequest request)
    {
        foreach (var port in request.FixedPorts)
        {
            _claimedPorts.Add((node, port));
        }
    }

    private bool HoldsClaimedPort(int node, Occupant victim)
    {
        foreach (var port in victim.FixedPorts)
        {
            if (IsClaimed(node, port))
            {
                return true;
            }
        }

        return false;
    }

    private static IReadOnlyList<NodeRoom> Sorted(IReadOnlyList<NodeRoom> nodes)
    {
        for (var i = 1; i < nodes.Count; i++)
        {
            if (string.CompareOrdinal(nodes[i - 1].Name, nodes[i].Name) > 0)
            {
                return [.. nodes.OrderBy(node => node.Name, StringComparer.Ordinal)];
            }
        }

        return nodes;
    }
}
