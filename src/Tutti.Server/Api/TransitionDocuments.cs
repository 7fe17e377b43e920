using System.Collections.Immutable;
using Tutti.Control.State;
using Tutti.Control.Transitions;
using Tutti.Decisions.Transitions;
using Tutti.Model.Versions;

namespace Tutti.Server.Api;

/// <summary>The way to a version set, planned or under way.</summary>
public sealed record TransitionDocument
{
    /// <summary>The set it goes to; null for a plan that nobody has accepted yet.</summary>
    public int? ToSet { get; init; }

    /// <summary>The set that a failed step goes back to; null: there is none.</summary>
    public int? FromSet { get; init; }

    /// <summary>How it stands; null for a plan.</summary>
    public TransitionState? State { get; init; }

    /// <summary>Why it failed, was rolled back or superseded.</summary>
    public string? Reason { get; init; }

    /// <summary>Who asked; null for a plan.</summary>
    public string? Author { get; init; }

    /// <summary>When it began; null for a plan.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it ended; null while it goes on.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>What happens, each event after those it waits for. Empty: no version changes.</summary>
    public ImmutableArray<TransitionEventDocument> Events { get; init; } = [];

    /// <summary>Ids of the events that may go together, wave after wave.</summary>
    public ImmutableArray<ImmutableArray<string>> Waves { get; init; } = [];

    /// <summary>Times in which a pet is down: they need consent.</summary>
    public ImmutableArray<Gap> Gaps { get; init; } = [];

    /// <summary>The most instances beyond those before and after, whichever is more, at one time.</summary>
    public int PeakExtra { get; init; }

    /// <summary>Why it would be refused as it is: no room, or a gap without consent; null: it would be accepted.</summary>
    public string? Refusal { get; init; }

    /// <summary>Who serves now: a line for each release of every service that changes. Empty for a plan, and once it has ended.</summary>
    public ImmutableArray<TrafficShareDocument> Traffic { get; init; } = [];
}

/// <summary>One event of a transition.</summary>
public sealed record TransitionEventDocument
{
    /// <summary><c>start cart 2.2.0</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Start or retire.</summary>
    public required TransitionEventKind Event { get; init; }

    /// <summary>The service.</summary>
    public required string Service { get; init; }

    /// <summary>The release.</summary>
    public required ReleaseVersion Version { get; init; }

    /// <summary>Ids of the events that it waits for.</summary>
    public ImmutableArray<string> After { get; init; } = [];

    /// <summary>Why it happens.</summary>
    public required string Because { get; init; }

    /// <summary>Why it waits, for each event of <see cref="After"/>.</summary>
    public ImmutableArray<TransitionWaitDocument> Waits { get; init; } = [];

    /// <summary>True: old and new are exchanged instance by instance; false for a retire whose side is held in full until others are done.</summary>
    public bool Rolls { get; init; }

    /// <summary>How far it is; null for a plan, and where it was given up.</summary>
    public EventState? State { get; init; }

    /// <summary>Instances of the release that are healthy; null for a plan, and once it has ended.</summary>
    public int? Healthy { get; init; }

    /// <summary>Instances of the release there are; null for a plan, and once it has ended.</summary>
    public int? Instances { get; init; }
}

/// <summary>One wait of an event.</summary>
public sealed record TransitionWaitDocument(string Event, string Because);

/// <summary>How much of a service's traffic one release gets, as its consumers are led now.</summary>
/// <param name="Service">The service.</param>
/// <param name="Version">The release.</param>
/// <param name="Healthy">Its instances in discovery.</param>
/// <param name="Share">Percent: of each consumer what its releases send here, which follows from what they accept, from a canary's step, else from the number of instances.</param>
public sealed record TrafficShareDocument(string Service, ReleaseVersion Version, int Healthy, double Share);
