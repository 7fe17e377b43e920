using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Tutti.Model.Agents;

namespace Tutti.Control.State;

/// <summary>A machine that runs instances, through its agent.</summary>
public sealed record Node
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Where it stands.</summary>
    public required NodeStatus Status { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>The agent's current session.</summary>
    public required string Session { get; init; }

    /// <summary>Identity of its agent's data folder; null: not told.</summary>
    public string? Agent { get; init; }

    /// <summary>Host or IP of its instances.</summary>
    public required string Address { get; init; }

    /// <summary>Labels.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>What may be reserved on it.</summary>
    public required NodeCapacity Capacity { get; init; }

    /// <summary>True: its instances are to move away and none may come.</summary>
    public bool Draining { get; init; }
}

/// <summary>What of a pet outlives its instance: where its volumes are, and how often it was started.</summary>
/// <param name="Architecture">The architecture.</param>
/// <param name="Instance">The pet's id.</param>
/// <param name="Node">The node that keeps its volumes; null: it has none yet.</param>
/// <param name="Attempt">The highest attempt so far: an agent that has not heard of the pet's end yet must not mistake a new one for an old.</param>
public sealed record PetHome(string Architecture, string Instance, string? Node, int Attempt);

/// <summary>Whether a node is heard from.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NodeStatus>))]
public enum NodeStatus
{
    /// <summary>Its agent reports.</summary>
    Ready,

    /// <summary>Its agent has been silent for longer than the lease.</summary>
    Lost,
}
