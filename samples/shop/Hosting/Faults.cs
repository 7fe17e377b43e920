namespace Shop.Hosting;

/// <summary>Ways to go wrong on request, so that what runs the shop can be seen to cope.</summary>
internal sealed record Faults
{
    /// <summary>Ends at once with code 1.</summary>
    public bool Crash { get; init; }

    /// <summary>Ends with code 3 this long after it began to listen; null: never.</summary>
    public TimeSpan? FailAfter { get; init; }

    /// <summary>The health check fails from this long after it began to listen; zero: always; null: never.</summary>
    public TimeSpan? UnhealthyAfter { get; init; }

    /// <summary>Waits before it listens.</summary>
    public TimeSpan StartDelay { get; init; }
}
