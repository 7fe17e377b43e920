using System.Collections.Immutable;
using Tutti.Model.Lifecycle;
using Tutti.Model.Quantities;
using Tutti.Model.Traffic;

namespace Tutti.Model.Agents;

/// <summary>An agent makes itself known: <c>POST /api/nodes/{name}/register</c>.</summary>
public sealed record NodeRegistration
{
    /// <summary>A DNS label, unique in the cluster.</summary>
    public required string Name { get; init; }

    /// <summary>Random, new for every start of the agent; reports of an older session are ignored.</summary>
    public required string Session { get; init; }

    /// <summary>The cluster whose instances the agent's journal holds; null for a fresh agent. Another cluster is refused.</summary>
    public string? ClusterId { get; init; }

    /// <summary>Identity of the agent's data folder, kept over its restarts: two agents may not be one node. Null: not told, not checked.</summary>
    public string? Agent { get; init; }

    /// <summary>Host or IP at which other nodes reach this node's instances.</summary>
    public required string Address { get; init; }

    /// <summary>Labels that constraints and spread read.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>What may be reserved on this node.</summary>
    public required NodeCapacity Capacity { get; init; }

    /// <summary>The agent's version.</summary>
    public string? AgentVersion { get; init; }
}

/// <summary>Processor time and memory of a node.</summary>
public sealed record NodeCapacity(Cpu Cpu, ByteSize Memory);

/// <summary>Answer to a registration.</summary>
public sealed record RegistrationReply
{
    /// <summary>This cluster; the agent keeps it in its journal.</summary>
    public required string ClusterId { get; init; }

    /// <summary>Time after the last acknowledged report at which the agent stops its pets.</summary>
    public required TimeSpan Lease { get; init; }

    /// <summary>Longest time between two reports.</summary>
    public required TimeSpan Heartbeat { get; init; }
}

/// <summary>What runs on a node: <c>POST /api/nodes/{name}/report</c>, on every change and as a heartbeat. Idempotent.</summary>
public sealed record NodeReport
{
    /// <summary>The session given at registration.</summary>
    public required string Session { get; init; }

    /// <summary>Rises with every report of a session; an older one is ignored.</summary>
    public required long Sequence { get; init; }

    /// <summary>True: every instance the agent knows; false: only those that changed.</summary>
    public bool Complete { get; init; }

    /// <summary>The instances.</summary>
    public ImmutableArray<InstanceReport> Instances { get; init; } = [];

    /// <summary>Measured use of the whole node, for display; null: not measured.</summary>
    public NodeCapacity? Used { get; init; }

    /// <summary>What the node's instances exchanged with their providers; only what has changed since the last acknowledged report, and at most 1,000 at
    /// once. Not durable.</summary>
    public ImmutableArray<UpstreamTraffic> Traffic { get; init; } = [];
}

/// <summary>Answer to a report; renews the leases of the node's pets.</summary>
public sealed record ReportReply
{
    /// <summary>False: the server does not know this session; register again.</summary>
    public required bool Known { get; init; }
}

/// <summary>One instance as its agent sees it.</summary>
public sealed record InstanceReport
{
    /// <summary>Its id.</summary>
    public required string Instance { get; init; }

    /// <summary>Its architecture.</summary>
    public required string Architecture { get; init; }

    /// <summary>The attempt this is about; the server ignores one below the assigned.</summary>
    public required int Attempt { get; init; }

    /// <summary>Where it stands.</summary>
    public required InstancePhase Phase { get; init; }

    /// <summary>True: nothing of this attempt runs any more (phase Destroy or Failed).</summary>
    public bool Stopped { get; init; }

    /// <summary>Process id; null before it has started.</summary>
    public int? Pid { get; init; }

    /// <summary>When the process was started.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Assigned ports by name.</summary>
    public ImmutableSortedDictionary<string, int> Ports { get; init; } = ImmutableSortedDictionary<string, int>.Empty;

    /// <summary>Why it is not well: one sentence that names the probe, the exit code or the missing thing.</summary>
    public string? Reason { get; init; }

    /// <summary>True: a pet that its agent stopped, or did not start, only because it could not renew its lease: no failure of its own.</summary>
    public bool LeaseLost { get; init; }

    /// <summary>Exit code, or 128 + signal; null while it runs or where unknown.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Last lines of the log where it failed or is not well yet, at most 20.</summary>
    public ImmutableArray<string> LogTail { get; init; } = [];

    /// <summary>Measured use; null: not measured. Not durable.</summary>
    public NodeCapacity? Used { get; init; }
}
