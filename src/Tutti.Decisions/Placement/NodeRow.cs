namespace Tutti.Decisions.Placement;

/// <summary>The room of one node while a plan is made.</summary>
internal struct NodeRow
{
    /// <summary>Free processor time, in thousandths of a core.</summary>
    public long FreeCpu;

    /// <summary>Free memory, in bytes.</summary>
    public long FreeMemory;

    /// <summary>Processor time once everything that stops is gone, less what is kept for waiting requests.</summary>
    public long LaterCpu;

    /// <summary>Memory once everything that stops is gone, less what is kept for waiting requests.</summary>
    public long LaterMemory;

    /// <summary>One over the node's processor time.</summary>
    public double PerCpu;

    /// <summary>One over the node's memory.</summary>
    public double PerMemory;

    /// <summary>Instances of this plan that are placed or wait here.</summary>
    public int Given;

    /// <summary>Whether nothing may be placed here.</summary>
    public bool Closed;

    public NodeRow(NodeRoom node)
    {
        FreeCpu = node.Free.Cpu.Millis;
        FreeMemory = node.Free.Memory.Bytes;
        LaterCpu = FreeCpu + node.Releasing.Cpu.Millis;
        LaterMemory = FreeMemory + node.Releasing.Memory.Bytes;
        // A node without any of a thing has no share of it free: its score depends on the other one.
        PerCpu = node.Capacity.Cpu.Millis > 0 ? 1.0 / node.Capacity.Cpu.Millis : 0;
        PerMemory = node.Capacity.Memory.Bytes > 0 ? 1.0 / node.Capacity.Memory.Bytes : 0;
        Closed = node.Closed is not null;
    }

    /// <summary>Processor time that may be given away now: free room is kept for a waiting request as far as what stops is not enough for it.</summary>
    public readonly long OpenCpu => Math.Min(FreeCpu, LaterCpu);

    /// <summary>Memory that may be given away now.</summary>
    public readonly long OpenMemory => Math.Min(FreeMemory, LaterMemory);

    /// <summary>Gives room away now.</summary>
    public void Take(Room needs)
    {
        FreeCpu -= needs.Cpu.Millis;
        FreeMemory -= needs.Memory.Bytes;
        Keep(needs, 1);
    }

    /// <summary>Keeps room for that many instances; a negative number gives it up again.</summary>
    public void Keep(Room needs, int instances)
    {
        LaterCpu -= needs.Cpu.Millis * instances;
        LaterMemory -= needs.Memory.Bytes * instances;
        Given += instances;
    }
}
