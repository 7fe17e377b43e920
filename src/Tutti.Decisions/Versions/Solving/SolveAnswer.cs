using System.Collections.Immutable;
using Tutti.Model.Versions;

namespace Tutti.Decisions.Versions.Solving;

/// <summary>Either a <see cref="Solution"/> or <see cref="NoSolution"/>.</summary>
public abstract record SolveAnswer;

/// <summary>The best set of versions.</summary>
public sealed record Solution : SolveAnswer
{
    /// <summary>A version for every service of the answer.</summary>
    public required ImmutableSortedDictionary<string, ReleaseVersion> Versions { get; init; }

    /// <summary>The services whose version is not what it was, by name; new ones included.</summary>
    public ImmutableArray<VersionMove> Changed { get; init; } = [];
}

/// <summary>One service that moves.</summary>
/// <param name="Service">The service.</param>
/// <param name="From">Its current versions; empty where it is new.</param>
/// <param name="To">Its next version.</param>
/// <param name="Because">The fact that forces it, in a sentence a person can follow.</param>
public sealed record VersionMove(string Service, ImmutableArray<ReleaseVersion> From, ReleaseVersion To, string Because);

/// <summary>Nothing fits, and why.</summary>
public sealed record NoSolution : SolveAnswer
{
    /// <summary>A chain of facts, one a line, of which none can be left out.</summary>
    public required ImmutableArray<string> Explanation { get; init; }

    /// <summary>The accepts-ranges among these facts.</summary>
    public ImmutableArray<CoreFact> Core { get; init; } = [];

    /// <summary>Requests near to this one that can be had, nearest first, at most three.</summary>
    public ImmutableArray<NearestRequest> Nearest { get; init; } = [];
}

/// <summary>One accepts-range that takes part in the contradiction.</summary>
/// <param name="Service">The consumer.</param>
/// <param name="Version">Its release.</param>
/// <param name="Needs">The provider.</param>
/// <param name="Range">The versions it accepts.</param>
public sealed record CoreFact(string Service, ReleaseVersion Version, string Needs, VersionRange Range);

/// <summary>A request that would succeed.</summary>
/// <param name="Text">In words: <c>web 1.2.0</c>, or <c>web 1.1.0 without the hold on cart</c>.</param>
/// <param name="Wishes">The wishes.</param>
/// <param name="Released">Holds and pins to let go of, by service.</param>
public sealed record NearestRequest(string Text, ImmutableSortedDictionary<string, VersionWish> Wishes, ImmutableArray<string> Released);
