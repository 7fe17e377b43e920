using System.Collections.Immutable;
using Tutti.Model.Manifest;
using Tutti.Model.Problems;
using Tutti.Model.Versions;

namespace Tutti.Server.Api;

/// <summary>One release of the catalogue: <c>GET …/releases</c>.</summary>
public sealed record ReleaseDocument
{
    /// <summary>The architecture.</summary>
    public required string Architecture { get; init; }

    /// <summary>The service.</summary>
    public required string Service { get; init; }

    /// <summary>The version.</summary>
    public required ReleaseVersion Version { get; init; }

    /// <summary>When it was recorded.</summary>
    public required DateTimeOffset Recorded { get; init; }

    /// <summary>False: no rollback past it without force. As the newest set that has it says, or as it was recorded.</summary>
    public bool Reversible { get; init; }

    /// <summary>How it runs; null for an external service.</summary>
    public RunSpec? Run { get; init; }

    /// <summary>Ports by name.</summary>
    public ImmutableSortedDictionary<string, PortSpec> Ports { get; init; } = ImmutableSortedDictionary<string, PortSpec>.Empty;

    /// <summary>What it calls, and which versions of it it accepts.</summary>
    public ImmutableSortedDictionary<string, DependencySpec> DependsOn { get; init; } = ImmutableSortedDictionary<string, DependencySpec>.Empty;

    /// <summary>The version sets that have it, rising; empty: it was never deployed.</summary>
    public ImmutableArray<SetRangeDocument> Sets { get; init; } = [];

    /// <summary>Whether the current set has it.</summary>
    public bool Current { get; init; }

    /// <summary>Its instances now.</summary>
    public int Instances { get; init; }

    /// <summary>Those of them in discovery.</summary>
    public int Healthy { get; init; }

    /// <summary>The nodes that they are on.</summary>
    public ImmutableArray<string> Nodes { get; init; } = [];
}

/// <summary>Version sets that follow one another, both ends included.</summary>
public sealed record SetRangeDocument(int From, int To);

/// <summary>A release within its architecture.</summary>
public sealed record ReleaseNameDocument(string Service, ReleaseVersion Version);

/// <summary>What was recorded: <c>POST …/releases</c>.</summary>
public sealed record AddedReleasesDocument
{
    /// <summary>Revision in which it is durable.</summary>
    public required long Revision { get; init; }

    /// <summary>The architecture.</summary>
    public required string Architecture { get; init; }

    /// <summary>The releases that were not recorded before.</summary>
    public ImmutableArray<ReleaseNameDocument> Recorded { get; init; } = [];

    /// <summary>False: all of them were recorded already.</summary>
    public bool Changed { get; init; }

    /// <summary>Warnings about the manifest.</summary>
    public ImmutableArray<Problem> Warnings { get; init; } = [];
}
