using System.Collections.Immutable;
using Tutti.Model.Agents;
using Tutti.Model.Lifecycle;
using Tutti.Node.Runtimes;

namespace Tutti.Node.Agent;

/// <summary>What the agent must still know of one instance after it was killed.</summary>
internal sealed record JournalEntry
{
    /// <summary>What was asked for.</summary>
    public required Assignment Assignment { get; init; }

    /// <summary>Where it stood.</summary>
    public required InstancePhase Phase { get; init; }

    /// <summary>True: nothing of it runs any more.</summary>
    public bool Stopped { get; init; }

    /// <summary>Random mark in the environment of every process of this attempt; written before the process starts.</summary>
    public required string Launch { get; init; }

    /// <summary>The process; null: the agent was about to start it, and only <see cref="Launch"/> finds it.</summary>
    public InstanceIdentity? Identity { get; init; }

    /// <summary>When its process was started.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Assigned ports by name.</summary>
    public ImmutableSortedDictionary<string, int> Ports { get; init; } = ImmutableSortedDictionary<string, int>.Empty;

    /// <summary>Ports of its local upstream addresses, by service; the running process has them in its environment.</summary>
    public ImmutableSortedDictionary<string, int> UpstreamPorts { get; init; } = ImmutableSortedDictionary<string, int>.Empty;

    /// <summary>Why it is not well.</summary>
    public string? Reason { get; init; }

    /// <summary>Stopped, or not started, only because its lease ran out.</summary>
    public bool LeaseLost { get; init; }

    /// <summary>Exit code, or 128 + signal.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Last lines of the log where it failed.</summary>
    public ImmutableArray<string> LogTail { get; init; } = [];
}

/// <summary>Whose journal this is.</summary>
internal sealed record JournalOwner
{
    /// <summary>Random, made with the journal; begins the mark of every launch.</summary>
    public required string Journal { get; init; }

    /// <summary>The cluster the instances belong to; null before the first registration.</summary>
    public string? ClusterId { get; init; }
}
