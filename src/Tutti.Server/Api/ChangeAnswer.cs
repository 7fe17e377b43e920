using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Tutti.Control.Commands;
using Tutti.Model.Problems;

namespace Tutti.Server.Api;

/// <summary>What became of a command, over HTTP.</summary>
internal static class ChangeAnswer
{
    /// <param name="result">What the loop said.</param>
    /// <param name="architecture">The architecture; null for a node's change.</param>
    /// <param name="missing">Says with the nearest right name what is missing; null where nothing seems to be.</param>
    /// <param name="warnings">Warnings about the manifest.</param>
    public static Results<Ok<ChangeDocument>, ProblemAnswer> Of(
        CommandResult result, string? architecture, Func<ProblemAnswer?> missing, ImmutableArray<Problem> warnings = default)
    {
        if (result.Refusal is { } refusal)
        {
            return (refusal.Type == "not-found" ? missing() : null) ?? ProblemAnswer.Of(refusal);
        }

        return TypedResults.Ok(new ChangeDocument
        {
            Revision = result.Revision,
            Architecture = architecture,
            Set = result.Set,
            Changed = result.Changed,
            Notes = result.Notes,
            Warnings = warnings.IsDefault ? [] : warnings,
        });
    }
}
