using System.Collections.Immutable;
using Tutti.Control.State;
using Tutti.Decisions.Versions;
using Tutti.Model.Agents;
using Tutti.Model.Lifecycle;
using Tutti.Model.Problems;
using Tutti.Model.Versions;

namespace Tutti.Server.Api;

/// <summary>One architecture: <c>GET /api/architectures</c>.</summary>
public sealed record ArchitectureDocument
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Number of the current version set.</summary>
    public required int Set { get; init; }

    /// <summary>Message of that set.</summary>
    public required string Message { get; init; }

    /// <summary>When that set was made.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>True: taken down; applying brings it back.</summary>
    public bool Destroyed { get; init; }

    /// <summary>How many services it has.</summary>
    public int Services { get; init; }

    /// <summary>The worst health of its services.</summary>
    public ServiceHealth Health { get; init; }
}

/// <summary>One service: <c>tutti ps</c>.</summary>
public sealed record ServiceDocument
{
    /// <summary>The architecture.</summary>
    public required string Architecture { get; init; }

    /// <summary>The service.</summary>
    public required string Service { get; init; }

    /// <summary>Version asked for; null for an external service.</summary>
    public ReleaseVersion? Version { get; init; }

    /// <summary>Its status; Run for an external service.</summary>
    public required ServiceStatus Status { get; init; }

    /// <summary>Its health.</summary>
    public required ServiceHealth Health { get; init; }

    /// <summary>Instances that should be.</summary>
    public int Desired { get; init; }

    /// <summary>Instances in Run.</summary>
    public int Healthy { get; init; }

    /// <summary>Cattle or pet.</summary>
    public ServiceKind Kind { get; init; }

    /// <summary>How much the architecture needs it.</summary>
    public Criticality Criticality { get; init; }

    /// <summary>Who answers for it.</summary>
    public string? Owner { get; init; }

    /// <summary>Since when it has this status.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>Why it has this status.</summary>
    public string? Cause { get; init; }

    /// <summary>The version set asked for.</summary>
    public int Set { get; init; }

    /// <summary>Held by a person.</summary>
    public bool Paused { get; init; }

    /// <summary>URL, for an external service.</summary>
    public string? External { get; init; }

    /// <summary>Versions that run now, with how many instances in Run of each.</summary>
    public ImmutableSortedDictionary<string, int> Running { get; init; } = ImmutableSortedDictionary<string, int>.Empty;

    /// <summary>The operation in progress.</summary>
    public Operation? Operation { get; init; }

    /// <summary>Why instances wait for a node.</summary>
    public string? Unplaced { get; init; }

    /// <summary>What the last failed instance said.</summary>
    public string? LastFailure { get; init; }
}

/// <summary>One instance: <c>tutti instances</c>.</summary>
public sealed record InstanceDocument
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>The architecture.</summary>
    public required string Architecture { get; init; }

    /// <summary>The service.</summary>
    public required string Service { get; init; }

    /// <summary>The release.</summary>
    public required ReleaseVersion Version { get; init; }

    /// <summary>The node; null while none has room.</summary>
    public string? Node { get; init; }

    /// <summary>Where it stands.</summary>
    public required InstancePhase Phase { get; init; }

    /// <summary>Process id.</summary>
    public int? Pid { get; init; }

    /// <summary>Ports by name.</summary>
    public ImmutableSortedDictionary<string, int> Ports { get; init; } = ImmutableSortedDictionary<string, int>.Empty;

    /// <summary>Host or IP of its node.</summary>
    public string? Address { get; init; }

    /// <summary>The version set it runs with.</summary>
    public int Set { get; init; }

    /// <summary>From 1; raised when a pet is started again in place.</summary>
    public int Attempt { get; init; }

    /// <summary>Since when it stands there.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>When its process was started.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Why it stands where it stands.</summary>
    public string? Reason { get; init; }

    /// <summary>Exit code, or 128 + signal.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Last lines of its log where it failed or is not well yet.</summary>
    public ImmutableArray<string> LogTail { get; init; } = [];

    /// <summary>Measured use.</summary>
    public NodeCapacity? Used { get; init; }
}

/// <summary>One node: <c>tutti nodes</c>.</summary>
public sealed record NodeDocument
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary><c>Ready</c>, <c>Lost</c>, <c>Draining</c> (instances are moving away) or <c>Drained</c> (none is left).</summary>
    public required string State { get; init; }

    /// <summary>Labels.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>What may be reserved.</summary>
    public required NodeCapacity Capacity { get; init; }

    /// <summary>What is reserved.</summary>
    public required NodeCapacity Used { get; init; }

    /// <summary>What the agent measured; null: nothing yet.</summary>
    public NodeCapacity? Measured { get; init; }

    /// <summary>Host or IP.</summary>
    public required string Address { get; init; }

    /// <summary>Instances on it.</summary>
    public int Instances { get; init; }

    /// <summary>Since when it stands there.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>When it was last heard from.</summary>
    public DateTimeOffset? HeardAt { get; init; }
}

/// <summary>A manifest to apply or plan: <c>POST /api/apply</c>, <c>POST /api/plan</c>.</summary>
public sealed record ApplyRequest
{
    /// <summary>The manifest's YAML.</summary>
    public required string Manifest { get; init; }

    /// <summary>Its file name, for messages.</summary>
    public string File { get; init; } = "architecture.yaml";

    /// <summary>Content hash (<c>sha256:…</c>) of each artifact path in the manifest; each must be in the blob store (not for a plan).</summary>
    public ImmutableSortedDictionary<string, string> Artifacts { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Who asks; default <c>api</c>.</summary>
    public string Author { get; init; } = "api";

    /// <summary>Why, in a line.</summary>
    public string Message { get; init; } = "";

    /// <summary>Whether consumers may lack a pet for a while.</summary>
    public bool AllowGap { get; init; }
}

/// <summary>What a change made: apply, scale, restart, rollback, resume, destroy, drain.</summary>
public sealed record ChangeDocument
{
    /// <summary>Revision in which it is durable.</summary>
    public required long Revision { get; init; }

    /// <summary>The architecture; null for a node's change.</summary>
    public string? Architecture { get; init; }

    /// <summary>The version set it made, or the unchanged current one.</summary>
    public int? Set { get; init; }

    /// <summary>False: everything was already as asked.</summary>
    public bool Changed { get; init; }

    /// <summary>What the person who asked should know of its effect, a sentence each.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>Warnings about the manifest.</summary>
    public ImmutableArray<Problem> Warnings { get; init; } = [];
}

/// <summary>Body of <c>POST …/services/{s}/scale</c>.</summary>
public sealed record ScaleRequest(int Min, int? Max = null);

/// <summary>Body of <c>POST /api/nodes/{n}/drain</c>.</summary>
public sealed record DrainRequest(bool Draining = true);

/// <summary>The server itself: <c>GET /api/status</c>.</summary>
public sealed record StatusDocument
{
    /// <summary>Tutti's version.</summary>
    public required string Version { get; init; }

    /// <summary>This cluster.</summary>
    public required string ClusterId { get; init; }

    /// <summary>Process id.</summary>
    public required int Pid { get; init; }

    /// <summary>When it started.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>Last committed revision.</summary>
    public required long Revision { get; init; }

    /// <summary>Where DNS answers; null: it does not.</summary>
    public string? Dns { get; init; }
}
