using System.Collections.Immutable;
using Tutti.Model.Versions;

namespace Tutti.Server.Api;

/// <summary>Body of <c>POST …/rollback</c> and <c>POST …/rollback/plan</c>. Nothing given: the whole architecture, to the set before.</summary>
public sealed record RollbackRequest
{
    /// <summary>One service, with whatever must follow it; null: the whole architecture.</summary>
    public string? Service { get; init; }

    /// <summary>The version of the service, or a range; null: the release before, or the one in <see cref="Set"/>.</summary>
    public string? To { get; init; }

    /// <summary>The set to go back to; null: the one before.</summary>
    public int? Set { get; init; }

    /// <summary>Ranges that other services must stay in.</summary>
    public ImmutableSortedDictionary<string, string> Pin { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Services that must stay as they are.</summary>
    public ImmutableArray<string> Hold { get; init; } = [];

    /// <summary>Also below releases that are not reversible.</summary>
    public bool Force { get; init; }

    /// <summary>Whether consumers may lack a pet for a while.</summary>
    public bool AllowGap { get; init; }

    /// <summary>The set that the plan was made from: refused where another is current by now. Null: not checked.</summary>
    public int? FromSet { get; init; }
}

/// <summary>What going back would do.</summary>
public sealed record RollbackPlanDocument
{
    /// <summary>The architecture.</summary>
    public required string Architecture { get; init; }

    /// <summary>The current set.</summary>
    public required int FromSet { get; init; }

    /// <summary>The goal in words.</summary>
    public required string Goal { get; init; }

    /// <summary>False: nothing fits; see <see cref="Explanation"/> and <see cref="Nearest"/>.</summary>
    public required bool Solved { get; init; }

    /// <summary>The services whose version moves, and the fact that forces each.</summary>
    public ImmutableArray<VersionMoveDocument> Moves { get; init; } = [];

    /// <summary>Every field that would change.</summary>
    public ImmutableArray<ServiceChangeDocument> Changes { get; init; } = [];

    /// <summary>The way there.</summary>
    public TransitionDocument? Transition { get; init; }

    /// <summary>Why nothing fits, as a chain of facts.</summary>
    public ImmutableArray<string> Explanation { get; init; } = [];

    /// <summary>Requests near to this one that can be had.</summary>
    public ImmutableArray<string> Nearest { get; init; } = [];
}

/// <summary>One service whose version moves.</summary>
/// <param name="Service">The service.</param>
/// <param name="From">Its version now; null: it is new.</param>
/// <param name="To">Its next version; null: it goes.</param>
/// <param name="Because">The fact that forces it.</param>
public sealed record VersionMoveDocument(string Service, ReleaseVersion? From, ReleaseVersion? To, string Because);
