using Tutti.Model.Lifecycle;
using Tutti.Model.Versions;

namespace Tutti.Control.State;

/// <summary>What one service is going through.</summary>
public sealed record Service
{
    /// <summary>The architecture.</summary>
    public required string Architecture { get; init; }

    /// <summary>The service.</summary>
    public required string Name { get; init; }

    /// <summary>Its status; changed only through <see cref="ServiceLifecycle"/>.</summary>
    public required ServiceStatus Status { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Why, in a sentence.</summary>
    public required string Cause { get; init; }

    /// <summary>Its health.</summary>
    public ServiceHealth Health { get; init; } = ServiceHealth.Down;

    /// <summary>What its instances are being moved to, or are at; null: nothing was begun yet.</summary>
    public ServiceTarget? Target { get; init; }

    /// <summary>The last set whose entry of this service ran healthy in full; what a failed update goes back to. Null: never yet.</summary>
    public int? StableSet { get; init; }

    /// <summary>Releases whose full number has been healthy and that have not begun to go: whoever waits for their Start waits no longer.</summary>
    public System.Collections.Immutable.ImmutableArray<ReleaseVersion> Whole { get; init; } = [];

    /// <summary>The operation in progress; null: none.</summary>
    public string? Operation { get; init; }

    /// <summary>True: no rollout step is taken until it is resumed; repair goes on.</summary>
    public bool Paused { get; init; }

    /// <summary>Raised by <c>restart</c>: instances started under a lower number are replaced.</summary>
    public int Restart { get; init; }

    /// <summary>Who asked for the last restart; null: nobody did.</summary>
    public string? RestartedBy { get; init; }

    /// <summary>Failures in a row without an instance that stayed healthy; drives the backoff.</summary>
    public int FailureStreak { get; init; }

    /// <summary>No replacement starts before this time; null: at once.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Times of the pet's restarts inside the window, oldest first.</summary>
    public System.Collections.Immutable.ImmutableArray<DateTimeOffset> Restarts { get; init; } = [];

    /// <summary>Why instances wait for a node, in a sentence per group of nodes; null: none waits.</summary>
    public string? Unplaced { get; init; }

    /// <summary>What the last failed instance said: reason and last lines of its log.</summary>
    public string? LastFailure { get; init; }

    /// <summary>Its key.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public ServiceKey Key => new(Architecture, Name);
}

/// <summary>What a service's instances should be.</summary>
/// <param name="Set">The set that asks for it.</param>
/// <param name="Template">What instances are started with.</param>
/// <param name="Count">How many.</param>
public sealed record ServiceTarget(int Set, string Template, int Count);
