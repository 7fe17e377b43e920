using System.Collections.Immutable;
using Tutti.Decisions.Versions;
using Tutti.Model.Problems;

namespace Tutti.Server.Api;

/// <summary>What applying would change: <c>POST /api/plan</c>.</summary>
public sealed record PlanDocument
{
    /// <summary>The architecture.</summary>
    public required string Architecture { get; init; }

    /// <summary>The current set; null: it is new.</summary>
    public int? FromSet { get; init; }

    /// <summary>One entry a service that would change; empty: nothing would.</summary>
    public ImmutableArray<ServiceChangeDocument> Changes { get; init; } = [];

    /// <summary>The way there.</summary>
    public TransitionDocument? Transition { get; init; }

    /// <summary>Why applying would be refused: releases that differ from what was recorded under their version. Empty: it would not be.</summary>
    public ImmutableArray<Problem> Refused { get; init; } = [];

    /// <summary>Warnings about the manifest.</summary>
    public ImmutableArray<Problem> Warnings { get; init; } = [];
}

/// <summary>What would change in one service (or, with a name such as <c>routes</c>, beside the services).</summary>
public sealed record ServiceChangeDocument
{
    /// <summary>The service, or the part of the manifest.</summary>
    public required string Service { get; init; }

    /// <summary><c>add</c>, <c>update</c>, <c>scale</c>, <c>settings</c> (nothing restarts) or <c>remove</c>.</summary>
    public required string Action { get; init; }

    /// <summary>Each field that differs.</summary>
    public ImmutableArray<FieldChangeDocument> Fields { get; init; } = [];

    /// <summary>Differences as the API spells them.</summary>
    public static ImmutableArray<ServiceChangeDocument> Of(ImmutableArray<SpecChange> changes) => [.. changes.Select(change => new ServiceChangeDocument
    {
        Service = change.Subject,
        Action = change.Action.ToString().ToLowerInvariant(),
        Fields = [.. change.Fields.Select(field => new FieldChangeDocument(field.Path, field.Before, field.After))],
    })];
}

/// <summary>One field before and after, as the manifest spells them; null: absent.</summary>
public sealed record FieldChangeDocument(string Path, string? Before, string? After);
