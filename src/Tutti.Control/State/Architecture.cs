using Tutti.Model.Manifest;
using Tutti.Model.Versions;

namespace Tutti.Control.State;

/// <summary>One architecture and the version set it should be at.</summary>
public sealed record Architecture
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Number of the current version set.</summary>
    public required int CurrentSet { get; init; }

    /// <summary>Highest number given out so far.</summary>
    public required int LastSet { get; init; }

    /// <summary>The last set that ran healthy as a whole, to which a transition that fails goes back; null: none since it was brought up.</summary>
    public int? StableSet { get; init; }

    /// <summary>True: everything is to be taken down; the sets are kept.</summary>
    public bool Destroyed { get; init; }
}

/// <summary>One numbered, immutable version of the whole architecture.</summary>
public sealed record VersionSet
{
    /// <summary>The architecture.</summary>
    public required string Architecture { get; init; }

    /// <summary>From 1.</summary>
    public required int Number { get; init; }

    /// <summary>The set it was made from; null for the first.</summary>
    public int? Parent { get; init; }

    /// <summary>The earlier set it restores, in full or for some services; null: it is a step forward.</summary>
    public int? RollbackOf { get; init; }

    /// <summary>Who asked; <c>tutti</c> for an automatic rollback.</summary>
    public required string Author { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Why, in a line.</summary>
    public required string Message { get; init; }

    /// <summary><c>sha256:</c> of the canonical JSON of <see cref="Spec"/>.</summary>
    public required string ContentHash { get; init; }

    /// <summary>A release and an environment for every service, artifact digests filled in.</summary>
    public required ArchitectureSpec Spec { get; init; }
}

/// <summary>One immutable (service, version), kept for ever.</summary>
public sealed record Release
{
    /// <summary>The architecture.</summary>
    public required string Architecture { get; init; }

    /// <summary>The service.</summary>
    public required string Service { get; init; }

    /// <summary>The version.</summary>
    public required ReleaseVersion Version { get; init; }

    /// <summary>When it was first applied.</summary>
    public required DateTimeOffset Recorded { get; init; }

    /// <summary>How it runs; with <see cref="Spec"/>'s ports and dependencies it never changes.</summary>
    public required ServiceSpec Spec { get; init; }
}
