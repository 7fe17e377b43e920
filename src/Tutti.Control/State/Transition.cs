using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Tutti.Decisions.Transitions;
using Tutti.Model.Versions;

namespace Tutti.Control.State;

/// <summary>The way to one version set: what was planned when the set was made. How far it is follows from what runs
/// (<see cref="Service.Whole"/> and the instances), so that nothing of it has to be rewritten as it goes.</summary>
public sealed record Transition
{
    /// <summary>The architecture.</summary>
    public required string Architecture { get; init; }

    /// <summary>The set it goes to.</summary>
    public required int ToSet { get; init; }

    /// <summary>The set that a failed step goes back to: the last one that ran healthy as a whole. Null: there was none.</summary>
    public int? FromSet { get; init; }

    /// <summary>Who asked.</summary>
    public required string Author { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>When it ended; null while it goes on.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>How it stands.</summary>
    public TransitionState State { get; init; } = TransitionState.Running;

    /// <summary>Why it failed, was rolled back or superseded.</summary>
    public string? Reason { get; init; }

    /// <summary>What happens, each event waiting for events before it.</summary>
    public ImmutableArray<TransitionEvent> Events { get; init; } = [];

    /// <summary>Indexes of events that may go together, wave after wave.</summary>
    public ImmutableArray<ImmutableArray<int>> Waves { get; init; } = [];

    /// <summary>The sides that ran when it was planned, besides those of the new set: what they are repaired with while they are held.</summary>
    public ImmutableArray<OldSide> OldSides { get; init; } = [];

    /// <summary>Times in which consumers have no provider; somebody agreed to them.</summary>
    public ImmutableArray<Gap> Gaps { get; init; } = [];

    /// <summary>The most instances beyond those before and after, whichever is more, at one time.</summary>
    public int PeakExtra { get; init; }
}

/// <summary>Instances of a release that is to go.</summary>
/// <param name="Service">The service.</param>
/// <param name="Version">The release.</param>
/// <param name="Set">A set that holds its entry.</param>
/// <param name="Instances">How many there were.</param>
public sealed record OldSide(string Service, ReleaseVersion Version, int Set, int Instances);

/// <summary>How a transition stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TransitionState>))]
public enum TransitionState
{
    /// <summary>In progress.</summary>
    Running,

    /// <summary>Everything runs as its set says.</summary>
    Succeeded,

    /// <summary>A step failed and nothing was rolled back: a person decides.</summary>
    Failed,

    /// <summary>A step failed, and the set before is being restored.</summary>
    RolledBack,

    /// <summary>A newer set took its place.</summary>
    Superseded,
}
