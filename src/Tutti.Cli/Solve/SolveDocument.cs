using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Tutti.Decisions.Versions.Solving;

namespace Tutti.Cli.Solve;

/// <summary>What <c>tutti solve -o json</c> prints where there is an answer. See docs/solve.md.</summary>
internal sealed record SolvedDocument
{
    public bool Solved => true;

    /// <summary>The version of every service.</summary>
    public required IReadOnlyDictionary<string, string> Versions { get; init; }

    public required ImmutableArray<ChangedDocument> Changed { get; init; }

    public required TransitionDocument Transition { get; init; }

    public static SolvedDocument Of(Solution solution, TransitionDocument transition) => new()
    {
        Versions = solution.Versions.ToImmutableSortedDictionary(version => version.Key, version => version.Value.ToString(), StringComparer.Ordinal),
        Changed =
        [
            .. solution.Changed.Select(move => new ChangedDocument(
                move.Service,
                move.From switch
                {
                    [] => null,
                    [var one] => one.ToString(),
                    _ => move.From.Select(version => version.ToString()).ToArray(),
                },
                move.To.ToString(),
                move.Because)),
        ],
        Transition = transition,
    };
}

/// <summary>One service that moves.</summary>
/// <param name="Service">The service.</param>
/// <param name="From">A version; a list where it runs several; null where it is new.</param>
/// <param name="To">Its next version.</param>
/// <param name="Because">What forces it.</param>
internal sealed record ChangedDocument(string Service, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] object? From, string To, string Because);

/// <summary>What <c>tutti solve -o json</c> prints where nothing fits.</summary>
internal sealed record UnsolvedDocument
{
    public bool Solved => false;

    public required ImmutableArray<string> Explanation { get; init; }

    public required ImmutableArray<CoreDocument> Core { get; init; }

    public required ImmutableArray<NearestDocument> Nearest { get; init; }

    public static UnsolvedDocument Of(NoSolution none) => new()
    {
        Explanation = none.Explanation,
        Core = [.. none.Core.Select(fact => new CoreDocument(fact.Service, fact.Version.ToString(), fact.Needs, fact.Range.ToString()))],
        Nearest =
        [
            .. none.Nearest.Select(nearest => new NearestDocument(
                nearest.Text,
                nearest.Wishes.ToImmutableSortedDictionary(wish => wish.Key, wish => wish.Value.ToString(), StringComparer.Ordinal),
                nearest.Released)),
        ],
    };
}

/// <summary>One accepts-range that takes part in the contradiction.</summary>
internal sealed record CoreDocument(string Service, string Version, string Needs, string Range);

/// <summary>A request that would succeed; <paramref name="Without"/> are the holds and pins to let go of.</summary>
internal sealed record NearestDocument(string Text, IReadOnlyDictionary<string, string> Request, ImmutableArray<string> Without);
