using System.Collections.Immutable;
using Tutti.Decisions.Versions.Solving;
using Tutti.Model.Versions;

namespace Tutti.Decisions.Transitions;

/// <summary>What runs, and what should.</summary>
public sealed record TransitionQuestion
{
    /// <summary>Every side that has instances, in any mix: a service may be in several versions, and need not be in the target.</summary>
    public ImmutableArray<Side> Live { get; init; } = [];

    /// <summary>What should run: one side a service.</summary>
    public ImmutableArray<Side> Target { get; init; } = [];
}

/// <summary>The instances of one release.</summary>
public sealed record Side
{
    /// <summary>The service.</summary>
    public required string Service { get; init; }

    /// <summary>The release.</summary>
    public required ReleaseVersion Version { get; init; }

    /// <summary>What the release accepts of others.</summary>
    public ImmutableArray<Need> Needs { get; init; } = [];

    /// <summary>True: a pet, of which old and new never run at the same time.</summary>
    public bool Pet { get; init; }

    /// <summary>How many instances: that run, of a live side; that should, of a target.</summary>
    public int Instances { get; init; } = 1;

    /// <summary>The fewest that a live side must keep healthy.</summary>
    public int Min { get; init; } = 1;

    /// <summary>Live sides: its full number has been healthy, and at least one of it is now. False: it is still being started, so its Start is not done
    /// and new consumers do not count on it.</summary>
    public bool Whole { get; init; } = true;
}
