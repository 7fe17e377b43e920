using System.Text.Json.Serialization;

namespace Tutti.Control.State;

/// <summary>One line of the journal. Kept up to <see cref="Loop.ControlOptions.EventsKept"/>, oldest dropped first.</summary>
public sealed record Event
{
    /// <summary>Rises by one.</summary>
    public required long Sequence { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>What it is about.</summary>
    public required EventKind Kind { get; init; }

    /// <summary>The architecture; null for a node's event.</summary>
    public string? Architecture { get; init; }

    /// <summary>The service, where there is one.</summary>
    public string? Service { get; init; }

    /// <summary>The instance, where there is one.</summary>
    public string? Instance { get; init; }

    /// <summary>The node, where there is one.</summary>
    public string? Node { get; init; }

    /// <summary>Status or phase before.</summary>
    public string? From { get; init; }

    /// <summary>Status or phase after.</summary>
    public string? To { get; init; }

    /// <summary>Why, in a sentence.</summary>
    public required string Cause { get; init; }
}

/// <summary>What an event is about.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EventKind>))]
public enum EventKind
{
    /// <summary>A service's status changed.</summary>
    Status,

    /// <summary>A service's health changed.</summary>
    Health,

    /// <summary>An instance's phase changed.</summary>
    Phase,

    /// <summary>A node came, went, drained.</summary>
    Node,

    /// <summary>A version set was made.</summary>
    Set,

    /// <summary>An operation began or ended.</summary>
    Operation,

    /// <summary>A transition began or ended.</summary>
    Transition,

    /// <summary>A person is asked for.</summary>
    Alert,
}
