using System.Collections.Immutable;
using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest;
using Tutti.Model.Versions;

namespace Tutti.Model.Agents;

/// <summary>What the server wants of one instance on one node. Level-triggered: the agent compares it with what runs.</summary>
public sealed record Assignment
{
    /// <summary>Unique for ever for cattle (<c>web-7f3k2a</c>); a pet keeps its own (<c>db-0</c>, unique within the architecture).</summary>
    public required string Instance { get; init; }

    /// <summary>The architecture it belongs to.</summary>
    public required string Architecture { get; init; }

    /// <summary>Its service.</summary>
    public required string Service { get; init; }

    /// <summary>Its release.</summary>
    public required ReleaseVersion Version { get; init; }

    /// <summary>The version set whose environment it runs with.</summary>
    public required int Set { get; init; }

    /// <summary>Raised each time a pet is to be started again in place; the agent stops a lower attempt before it starts a higher one.</summary>
    public required int Attempt { get; init; }

    /// <summary>Run, or be stopped. A stopped instance stays assigned until the server has recorded that it is gone.</summary>
    public required AssignmentGoal Goal { get; init; }

    /// <summary>Cattle or pet; volumes are kept and leases held for pets only.</summary>
    public ServiceKind Kind { get; init; }

    /// <summary>How it runs.</summary>
    public required RunSpec Run { get; init; }

    /// <summary>Ports to assign or check.</summary>
    public ImmutableSortedDictionary<string, PortSpec> Ports { get; init; } = ImmutableSortedDictionary<string, PortSpec>.Empty;

    /// <summary>Environment, not yet expanded.</summary>
    public ImmutableSortedDictionary<string, string> Env { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Reservations and limits.</summary>
    public ResourceSpec Resources { get; init; } = new();

    /// <summary>The health check; null: each declared port accepts a connection once.</summary>
    public HealthSpec? Health { get; init; }

    /// <summary>How to stop it.</summary>
    public StopSpec Stop { get; init; } = new();

    /// <summary>Volumes by name.</summary>
    public ImmutableSortedDictionary<string, VolumeSpec> Volumes { get; init; } = ImmutableSortedDictionary<string, VolumeSpec>.Empty;

    /// <summary>What it calls, each with the provider's port resolved.</summary>
    public ImmutableArray<UpstreamAssignment> Upstreams { get; init; } = [];
}

/// <summary>What an agent is to do with an instance.</summary>
[System.Text.Json.Serialization.JsonConverter(typeof(System.Text.Json.Serialization.JsonStringEnumConverter<AssignmentGoal>))]
public enum AssignmentGoal
{
    /// <summary>Start it and keep reporting; the agent never starts the same attempt twice.</summary>
    Run,

    /// <summary>Stop it gracefully and report it stopped.</summary>
    Stop,
}

/// <summary>A dependency as the agent sees it.</summary>
public sealed record UpstreamAssignment
{
    /// <summary>The provider's name.</summary>
    public required string Service { get; init; }

    /// <summary>The provider's port.</summary>
    public required string Port { get; init; }

    /// <summary>What that port speaks.</summary>
    public PortProtocol Protocol { get; init; }

    /// <summary>Versions the consumer accepts.</summary>
    public VersionRange Accepts { get; init; } = VersionRange.Any;

    /// <summary>Whether the consumer runs without it.</summary>
    public bool Optional { get; init; }

    /// <summary>Set where the provider is external: its URL, used instead of discovery.</summary>
    public string? ExternalUrl { get; init; }
}

/// <summary>One item of a node's watch, sent as a server-sent event whose id is <see cref="Revision"/>.</summary>
public sealed record AssignmentEvent
{
    /// <summary>The store revision this item brings the agent to.</summary>
    public required long Revision { get; init; }

    /// <summary>True: <see cref="Assigned"/> is everything; instances not named are to be stopped and forgotten.</summary>
    public bool Snapshot { get; init; }

    /// <summary>New or changed assignments.</summary>
    public ImmutableArray<Assignment> Assigned { get; init; } = [];

    /// <summary>Instances that the server has recorded as gone, as <c>architecture/id</c>; the agent forgets them.</summary>
    public ImmutableArray<string> Removed { get; init; } = [];

    /// <summary>Logs that somebody asks for; the agent posts them back to the stream.</summary>
    public ImmutableArray<LogRequest> Logs { get; init; } = [];
}

/// <summary>Asks an agent to send an instance's log to <c>POST /api/nodes/{node}/logs/{Stream}</c>.</summary>
public sealed record LogRequest
{
    /// <summary>Names the stream.</summary>
    public required string Stream { get; init; }

    /// <summary>Whose log, as <c>architecture/id</c>.</summary>
    public required string Instance { get; init; }

    /// <summary>How many of the last lines to begin with, 0 to 10,000.</summary>
    public int Tail { get; init; } = 100;

    /// <summary>Go on as lines are written.</summary>
    public bool Follow { get; init; }
}
