using System.Collections.Immutable;
using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest;
using Tutti.Model.Versions;

namespace Tutti.Decisions.Rollouts;

/// <summary>Everything a service's next small steps depend on.</summary>
public sealed record RolloutSnapshot
{
    /// <summary>The loop's clock.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>What instances should have been started with.</summary>
    public required string Template { get; init; }

    /// <summary>How many there should be.</summary>
    public required int Wanted { get; init; }

    /// <summary>How many are kept up while it is paused; null: as many as wanted.</summary>
    public int? Kept { get; init; }

    /// <summary>Cattle or pet.</summary>
    public ServiceKind Kind { get; init; }

    /// <summary>How it moves.</summary>
    public UpdateSpec Policy { get; init; } = new();

    /// <summary>Every instance of the service, in any order.</summary>
    public ImmutableArray<RolloutInstance> Instances { get; init; } = [];

    /// <summary>What the releases accept that call this service now; none of them is to lose its last provider by a step of this plan.</summary>
    public ImmutableArray<VersionRange> Callers { get; init; } = [];

    /// <summary>No new instance before this time (backoff); null: at once.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>True: nothing is replaced and nothing is stopped; only what is missing is started.</summary>
    public bool Paused { get; init; }

    /// <summary>True: nothing is started (providers are missing, or a person must decide).</summary>
    public bool Blocked { get; init; }

    /// <summary>Canary: index of the step in progress.</summary>
    public int Step { get; init; }

    /// <summary>Canary: since when the step's share has been available; null: it is not.</summary>
    public DateTimeOffset? HeldSince { get; init; }
}

/// <summary>One instance as a rollout sees it.</summary>
public sealed record RolloutInstance
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Its release; null: of no interest to anyone.</summary>
    public ReleaseVersion? Version { get; init; }

    /// <summary>What it was started with.</summary>
    public required string Template { get; init; }

    /// <summary>Where it stands.</summary>
    public required InstancePhase Phase { get; init; }

    /// <summary>Since when it is in Run; null: it is not.</summary>
    public DateTimeOffset? RunSince { get; init; }

    /// <summary>It is decided that it stops.</summary>
    public bool Stopping { get; init; }

    /// <summary>Nothing of it runs any more.</summary>
    public bool Stopped { get; init; }

    /// <summary>Its node drains: it is to be replaced elsewhere.</summary>
    public bool MustMove { get; init; }

    /// <summary>Kept out of discovery.</summary>
    public bool Withheld { get; init; }

    /// <summary>Has a node.</summary>
    public bool Placed { get; init; }

    /// <summary>A pet's number; -1 for cattle.</summary>
    public int Ordinal { get; init; } = -1;

    /// <summary>When it was decided.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>It neither stops nor has failed.</summary>
    public bool Live => !Stopping && Phase is not (InstancePhase.Failed or InstancePhase.Destroy);
}
