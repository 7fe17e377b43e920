using System.Collections.Immutable;

namespace Tutti.Decisions.Rollouts;

/// <summary>The next small steps of one service. Empty where it is as it should be.</summary>
public sealed record RolloutPlan
{
    /// <summary>How many cattle to create.</summary>
    public int Start { get; init; }

    /// <summary>True: what is created stays out of discovery until it is revealed.</summary>
    public bool StartWithheld { get; init; }

    /// <summary>Numbers of the pets to create.</summary>
    public ImmutableArray<int> StartPets { get; init; } = [];

    /// <summary>Instances to stop, each with the reason.</summary>
    public ImmutableArray<(string Id, string Cause)> Stop { get; init; } = [];

    /// <summary>Instances to let into discovery.</summary>
    public ImmutableArray<string> Reveal { get; init; } = [];

    /// <summary>Stopped pets to start again in place with the wanted template.</summary>
    public ImmutableArray<string> RestartInPlace { get; init; } = [];

    /// <summary>Canary: the step now in progress.</summary>
    public int Step { get; init; }

    /// <summary>Canary: since when its share is available.</summary>
    public DateTimeOffset? HeldSince { get; init; }

    /// <summary>When to look again though nothing happened; null: only when something happens.</summary>
    public DateTimeOffset? Wake { get; init; }

    /// <summary>Instances of the wanted template that count as available.</summary>
    public int Available { get; init; }

    /// <summary>Whether all is as it should be: the wanted number available, none of another template left.</summary>
    public bool Complete { get; init; }
}
