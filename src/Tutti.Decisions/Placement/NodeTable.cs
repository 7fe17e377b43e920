using System.Buffers;

namespace Tutti.Decisions.Placement;

/// <summary>The room of one node while a plan is made.</summary>
internal struct NodeRow
{
    /// <summary>Processor time that may be given away now: free, and not kept for a request that comes first; thousandths of a core.</summary>
    public long OpenCpu;

    /// <summary>Memory that may be given away now, in bytes.</summary>
    public long OpenMemory;

    /// <summary>Processor time once everything that stops is gone, less what is kept for waiting requests.</summary>
    public long LaterCpu;

    /// <summary>Memory once everything that stops is gone, less what is kept for waiting requests.</summary>
    public long LaterMemory;

    /// <summary>One over the node's processor time.</summary>
    public double PerCpu;

    /// <summary>One over the node's memory.</summary>
    public double PerMemory;

    /// <summary>Whether nothing may be placed here.</summary>
    public bool Closed;

    /// <summary>Whether some of the room is kept for a waiting request.</summary>
    public bool Kept;
}

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
            Fill(ref _rows[i], Nodes[i]);
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
        ref var row = ref _rows[node];
        row.OpenCpu -= request.Needs.Cpu.Millis;
        row.OpenMemory -= request.Needs.Memory.Bytes;
        row.LaterCpu -= request.Needs.Cpu.Millis;
        row.LaterMemory -= request.Needs.Memory.Bytes;
        Claim(node, request);
    }

    /// <summary>Keeps room and ports that are being freed, so that no later request takes them; free room is kept only as far as it is needed for that.</summary>
    public void Keep(int node, PlacementRequest request)
    {
        ref var row = ref _rows[node];
        row.LaterCpu -= request.Needs.Cpu.Millis;
        row.LaterMemory -= request.Needs.Memory.Bytes;
        row.OpenCpu = Math.Min(row.OpenCpu, row.LaterCpu);
        row.OpenMemory = Math.Min(row.OpenMemory, row.LaterMemory);
        row.Kept = true;
        Claim(node, request);
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
        if (row.LaterCpu < victim.Reserved.Cpu.Millis || row.LaterMemory < victim.Reserved.Memory.Bytes)
        {
            return false;
        }

        foreach (var port in victim.FixedPorts)
        {
            if (_claimedPorts.Contains((node, port)))
            {
                return false;
            }
        }

        row.LaterCpu -= victim.Reserved.Cpu.Millis;
        row.LaterMemory -= victim.Reserved.Memory.Bytes;
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

    private static void Fill(ref NodeRow row, NodeRoom node)
    {
        row.OpenCpu = node.Capacity.Cpu.Millis - node.Reserved.Cpu.Millis;
        row.OpenMemory = node.Capacity.Memory.Bytes - node.Reserved.Memory.Bytes;
        row.LaterCpu = row.OpenCpu + node.Releasing.Cpu.Millis;
        row.LaterMemory = row.OpenMemory + node.Releasing.Memory.Bytes;
        // A node without any of a thing has no share of it free: its score depends on the other one.
        row.PerCpu = node.Capacity.Cpu.Millis > 0 ? 1.0 / node.Capacity.Cpu.Millis : 0;
        row.PerMemory = node.Capacity.Memory.Bytes > 0 ? 1.0 / node.Capacity.Memory.Bytes : 0;
        row.Closed = node.Closed is not null;
        row.Kept = false;
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
