using System.Collections.Immutable;
using Tutti.Model.Problems;

namespace Tutti.Server.Api;

/// <summary>Problem details of RFC 9457: the body of every answer from 400 on, as <c>application/problem+json</c>.</summary>
public sealed record ProblemDocument
{
    /// <summary>Stable: <c>tutti:not-found</c>, <c>tutti:invalid</c>, <c>tutti:conflict</c>, ...</summary>
    public required string Type { get; init; }

    /// <summary>The type in words.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>One sentence that names the thing and the remedy.</summary>
    public required string Detail { get; init; }

    /// <summary>Every problem of a manifest, in order of place; empty where there is none.</summary>
    public ImmutableArray<Problem> Problems { get; init; } = [];
}
