using System.Collections.Immutable;
using Tutti.Decisions.Versions.Solving;
using Tutti.Model.Problems;

namespace Tutti.Cli.Solve.Reading;

/// <summary>What a file for <c>tutti solve</c> asks, or why it cannot be asked.</summary>
internal sealed record SolveFile
{
    /// <summary>The question; null where there are problems.</summary>
    public SolveQuestion? Question { get; init; }

    /// <summary>The services of which old and new never run at the same time.</summary>
    public ImmutableSortedSet<string> Pets { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Everything that is wrong, by place.</summary>
    public ImmutableArray<Problem> Problems { get; init; } = [];
}
