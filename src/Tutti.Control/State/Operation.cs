using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Tutti.Control.State;

/// <summary>One exclusive piece of change of one service.</summary>
public sealed record Operation
{
    /// <summary>Its id: <c>op-17</c>, rising.</summary>
    public required string Id { get; init; }

    /// <summary>The architecture.</summary>
    public required string Architecture { get; init; }

    /// <summary>The service.</summary>
    public required string Service { get; init; }

    /// <summary>What it does.</summary>
    public required OperationKind Kind { get; init; }

    /// <summary>How far it is.</summary>
    public required OperationState State { get; init; }

    /// <summary>The set it came from; null when the service is new.</summary>
    public int? FromSet { get; init; }

    /// <summary>The set it goes to.</summary>
    public required int ToSet { get; init; }

    /// <summary>Versions in words: <c>1.1.0 → 1.2.0</c>.</summary>
    public required string Summary { get; init; }

    /// <summary>Who asked.</summary>
    public required string Author { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>When it ended; null while it runs.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>Steps in order.</summary>
    public ImmutableArray<OperationStep> Steps { get; init; } = [];

    /// <summary>Index of the step in progress.</summary>
    public int Step { get; init; }

    /// <summary>When the step in progress began, or was last resumed.</summary>
    public required DateTimeOffset StepSince { get; init; }

    /// <summary>Canary: since when the step's share has been available.</summary>
    public DateTimeOffset? HeldSince { get; init; }

    /// <summary>When something last moved; the deadline counts from here.</summary>
    public required DateTimeOffset ProgressAt { get; init; }

    /// <summary>What it waits for before it may go on; null: nothing. Meanwhile no deadline runs.</summary>
    public string? WaitsFor { get; init; }

    /// <summary>Instances that are as they should be.</summary>
    public int Done { get; init; }

    /// <summary>Instances that should be.</summary>
    public int Total { get; init; }

    /// <summary>Why it failed, was rolled back or superseded.</summary>
    public string? Reason { get; init; }
}

/// <summary>What an operation does.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OperationKind>))]
public enum OperationKind
{
    /// <summary>Supplies a service for the first time.</summary>
    Provision,

    /// <summary>Moves to another release or environment.</summary>
    Update,

    /// <summary>Moves back.</summary>
    Rollback,

    /// <summary>Changes the number of instances.</summary>
    Scale,

    /// <summary>Replaces every instance by one like it.</summary>
    Restart,

    /// <summary>Takes the service down.</summary>
    Destroy,
}

/// <summary>How far an operation is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OperationState>))]
public enum OperationState
{
    /// <summary>In progress.</summary>
    Running,

    /// <summary>In progress, and held by a person.</summary>
    Paused,

    /// <summary>Done.</summary>
    Succeeded,

    /// <summary>Gave up.</summary>
    Failed,

    /// <summary>Gave up, and what ran before is being restored.</summary>
    RolledBack,

    /// <summary>A newer change took its place.</summary>
    Superseded,
}

/// <summary>One step of an operation.</summary>
public sealed record OperationStep(string Name, OperationState? State);
