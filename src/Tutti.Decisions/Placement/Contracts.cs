using System.Collections.Immutable;
using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest;
using Tutti.Model.Quantities;

namespace Tutti.Decisions.Placement;

/// <summary>An amount of both things that placement reserves.</summary>
public readonly record struct Room(Cpu Cpu, ByteSize Memory);

/// <summary>One node as placement sees it.</summary>
public sealed record NodeRoom
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Labels.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>What may be reserved.</summary>
    public required Room Capacity { get; init; }

    /// <summary>What is reserved now, by instances that stop included.</summary>
    public required Room Reserved { get; init; }

    /// <summary>The part of <see cref="Reserved"/> that instances being stopped will give back.</summary>
    public Room Releasing { get; init; }

    /// <summary>Null: open. Otherwise why nothing may be placed here: <c>lost</c>, <c>draining</c>.</summary>
    public string? Closed { get; init; }

    /// <summary>Fixed port numbers in use, by instances that stop included.</summary>
    public ImmutableHashSet<int> FixedPorts { get; init; } = [];

    /// <summary>The part of <see cref="FixedPorts"/> that instances being stopped will give back. Left empty, a request for such a
    /// port does not know that it only has to wait, and may preempt elsewhere.</summary>
    public ImmutableHashSet<int> ReleasingPorts { get; init; } = [];

    /// <summary>What is not reserved; negative while the node is over-committed.</summary>
    public Room Free => new(Capacity.Cpu - Reserved.Cpu, Capacity.Memory - Reserved.Memory);
}

/// <summary>An instance on a node that could be preempted.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Service">Its service.</param>
/// <param name="Criticality">Its service's criticality.</param>
/// <param name="Reserved">What it would give back.</param>
/// <param name="FixedPorts">Fixed ports it would give back.</param>
/// <param name="Protected">True: never a victim (a pet, or already being stopped).</param>
public sealed record Occupant(string Key, string Service, Criticality Criticality, Room Reserved, ImmutableArray<int> FixedPorts, bool Protected);

/// <summary>A number of like instances of one service that need a node each.</summary>
public sealed record PlacementRequest
{
    /// <summary>The service: <c>architecture/service</c>.</summary>
    public required string Service { get; init; }

    /// <summary>How many.</summary>
    public required int Count { get; init; }

    /// <summary>Its criticality: priority, and whom it may preempt (strictly less critical ones).</summary>
    public Criticality Criticality { get; init; } = Criticality.Critical;

    /// <summary>What each reserves.</summary>
    public required Room Needs { get; init; }

    /// <summary>Constraints over node labels; all must hold.</summary>
    public ImmutableArray<ConstraintSpec> Constraints { get; init; } = [];

    /// <summary>Label to spread over; null: none.</summary>
    public string? Spread { get; init; }

    /// <summary>Fixed port numbers; a node holds each once.</summary>
    public ImmutableArray<int> FixedPorts { get; init; } = [];

    /// <summary>Instances of this service already on each node, those being stopped left out.</summary>
    public IReadOnlyDictionary<string, int> Existing { get; init; } = ImmutableDictionary<string, int>.Empty;

    /// <summary>Only this node will do (a pet with volumes); null: any.</summary>
    public string? Only { get; init; }
}

/// <summary>What placement decides from.</summary>
public sealed record PlacementSnapshot
{
    /// <summary>Every node, each name once; ordered by name (ordinal), or else it is sorted first.</summary>
    public required IReadOnlyList<NodeRoom> Nodes { get; init; }

    /// <summary>Who is on a node; asked only where something might be preempted.</summary>
    public required Func<string, IReadOnlyList<Occupant>> OccupantsOf { get; init; }
}

/// <summary>What is to be done.</summary>
public sealed record PlacementPlan
{
    /// <summary>Instances that get a node now.</summary>
    public ImmutableArray<PlacedInstance> Placed { get; init; } = [];

    /// <summary>Instances to be stopped to make room; who needs the room is placed once they are gone.</summary>
    public ImmutableArray<Eviction> Evictions { get; init; } = [];

    /// <summary>Requests that did not all get a node.</summary>
    public ImmutableArray<UnplacedRequest> Unplaced { get; init; } = [];
}

/// <summary>One instance of a request gets a node.</summary>
/// <param name="Request">Index of the request.</param>
/// <param name="Node">The node.</param>
public readonly record struct PlacedInstance(int Request, string Node);

/// <summary>An instance gives way.</summary>
/// <param name="Victim">Key of the instance.</param>
/// <param name="Request">Index of the request it gives way to.</param>
/// <param name="Node">The node.</param>
public sealed record Eviction(string Victim, int Request, string Node);

/// <summary>Part of a request that has no node.</summary>
/// <param name="Request">Index of the request.</param>
/// <param name="Count">How many instances.</param>
/// <param name="Waiting">How many of them have room that is being freed.</param>
/// <param name="Reason">Why, a clause per group of nodes: <c>3 nodes lack memory: need 512Mi, largest free 300Mi; 1 node is draining</c>.</param>
public sealed record UnplacedRequest(int Request, int Count, int Waiting, string Reason);
