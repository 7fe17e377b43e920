using System.Collections.Immutable;
using Tutti.Model.Lifecycle;
using Tutti.Model.Versions;

namespace Tutti.Decisions.Versions.Solving;

/// <summary>What is asked of the architecture's versions.</summary>
public sealed record SolveQuestion
{
    /// <summary>What may be chosen from.</summary>
    public required Catalogue Catalogue { get; init; }

    /// <summary>What is there now; several versions where a transition was interrupted. Each of these services is in the answer.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<ReleaseVersion>> Current { get; init; } =
        ImmutableSortedDictionary.Create<string, ImmutableArray<ReleaseVersion>>(StringComparer.Ordinal);

    /// <summary>What is wished for. Each of these services is in the answer.</summary>
    public ImmutableSortedDictionary<string, VersionWish> Wishes { get; init; } =
        ImmutableSortedDictionary.Create<string, VersionWish>(StringComparer.Ordinal);

    /// <summary>Ranges that services must stay in, wherever they are in the answer.</summary>
    public ImmutableSortedDictionary<string, VersionRange> Pins { get; init; } =
        ImmutableSortedDictionary.Create<string, VersionRange>(StringComparer.Ordinal);

    /// <summary>Services that must stay at (one of) their current versions.</summary>
    public ImmutableSortedSet<string> Holds { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>How critical services are; those not named are <see cref="Tutti.Model.Lifecycle.Criticality.Critical"/>.</summary>
    public ImmutableSortedDictionary<string, Criticality> Criticality { get; init; } =
        ImmutableSortedDictionary.Create<string, Criticality>(StringComparer.Ordinal);

    /// <summary>True: also below releases that are not reversible.</summary>
    public bool Force { get; init; }

    /// <summary>Version sets that have run, in any order; their combinations are preferred.</summary>
    public ImmutableArray<ImmutableSortedDictionary<string, ReleaseVersion>> History { get; init; } = [];
}

/// <summary>What is wished for one service.</summary>
/// <param name="Range">The versions that will do; null: the newest that can be had.</param>
public sealed record VersionWish(VersionRange? Range)
{
    /// <summary>The newest that can be had.</summary>
    public static readonly VersionWish Newest = new((VersionRange?)null);

    /// <inheritdoc/>
    public override string ToString() => Range?.ToString() ?? "newest";
}
