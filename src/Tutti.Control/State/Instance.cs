using System.Collections.Immutable;
using Tutti.Model.Agents;
using Tutti.Model.Lifecycle;
using Tutti.Model.Versions;

namespace Tutti.Control.State;

/// <summary>One copy of a release: what was decided about it and what its agent reported.</summary>
public sealed record Instance
{
    /// <summary>Unique within its architecture.</summary>
    public required string Id { get; init; }

    /// <summary>The architecture.</summary>
    public required string Architecture { get; init; }

    /// <summary>The service.</summary>
    public required string Service { get; init; }

    /// <summary>The release.</summary>
    public required ReleaseVersion Version { get; init; }

    /// <summary>The set whose entry it runs.</summary>
    public required int Set { get; init; }

    /// <summary>Hash of what it was started with: an instance with another hash than its service's is to be replaced.</summary>
    public required string Template { get; init; }

    /// <summary>The node; null while none has room.</summary>
    public string? Node { get; init; }

    /// <summary>Where it stands; changed only through <see cref="InstanceLifecycle"/>.</summary>
    public required InstancePhase Phase { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Since when it is in Run, or was when it failed; null: never in this attempt.</summary>
    public DateTimeOffset? RunSince { get; init; }

    /// <summary>When a failed pet is started again in place; null: not decided, or not needed.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Decided: run or stop.</summary>
    public AssignmentGoal Goal { get; init; } = AssignmentGoal.Run;

    /// <summary>From 1; raised when a pet is started again in place.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>A pet's number, from 0; -1 for cattle.</summary>
    public int Ordinal { get; init; } = -1;

    /// <summary>When it was decided.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>True: kept out of discovery though it is in Run (the green side before the switch).</summary>
    public bool Withheld { get; init; }

    /// <summary>True: nothing of it runs any more.</summary>
    public bool Stopped { get; init; }

    /// <summary>Process id as reported.</summary>
    public int? Pid { get; init; }

    /// <summary>When its process was started.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Assigned ports by name.</summary>
    public ImmutableSortedDictionary<string, int> Ports { get; init; } = ImmutableSortedDictionary<string, int>.Empty;

    /// <summary>Why it stands where it stands.</summary>
    public string? Reason { get; init; }

    /// <summary>A pet that its agent stopped, or did not start, only because its lease ran out: that is none of its restarts.</summary>
    public bool LeaseLost { get; init; }

    /// <summary>Exit code, or 128 + signal.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Last lines of its log where it failed or is not well yet.</summary>
    public ImmutableArray<string> LogTail { get; init; } = [];

    /// <summary>The service's key.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public ServiceKey ServiceKey => new(Architecture, Service);

    /// <summary>Unique in the cluster: <c>architecture/id</c>.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Key => $"{Architecture}/{Id}";

    /// <summary>Whether consumers may be led to it.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool InDiscovery => Phase == InstancePhase.Run && Goal == AssignmentGoal.Run && !Withheld;
}
