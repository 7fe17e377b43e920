using System.Collections.Immutable;
using Tutti.Model.Versions;

namespace Tutti.Control.Versions;

/// <summary>What somebody wants to go back to.</summary>
public sealed record RollbackWish
{
    /// <summary>The architecture.</summary>
    public required string Architecture { get; init; }

    /// <summary>The service to take back; null: the whole architecture, to <see cref="Set"/> or the set before.</summary>
    public string? Service { get; init; }

    /// <summary>The versions of the service that will do; null: the release before, or the one of <see cref="Set"/>.</summary>
    public VersionRange? To { get; init; }

    /// <summary>The set to go back to; null: the one before.</summary>
    public int? Set { get; init; }

    /// <summary>Ranges that other services must stay in.</summary>
    public ImmutableSortedDictionary<string, VersionRange> Pins { get; init; } = ImmutableSortedDictionary.Create<string, VersionRange>(StringComparer.Ordinal);

    /// <summary>Services that must stay as they are.</summary>
    public ImmutableSortedSet<string> Holds { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>True: also below releases that are not reversible.</summary>
    public bool Force { get; init; }
}
