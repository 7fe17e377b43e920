namespace Tutti.Decisions.Transitions;

/// <summary>An event while the plan is being made.</summary>
internal sealed class PlannedEvent(int number, TransitionEventKind kind, ServiceChange service, Side side)
{
    /// <summary>Its number among all events, in which order they were added.</summary>
    public int Number { get; } = number;

    public TransitionEventKind Kind { get; } = kind;

    public ServiceChange Service { get; } = service;

    public Side Side { get; } = side;

    /// <summary>What it waits for.</summary>
    public List<PlannedWait> After { get; } = [];

    /// <summary>What waits for it.</summary>
    public List<PlannedWait> Before { get; } = [];

    /// <summary>Its place in the plan.</summary>
    public int Index { get; set; }

    /// <summary>Longest chain of waits below it; 0 where it waits for nothing.</summary>
    public int Level { get; set; }

    public bool Rolls { get; set; }

    public string Name { get; } = $"{side.Service} {side.Version}";
}

/// <summary>That one event waits for another.</summary>
internal sealed class PlannedWait(PlannedEvent waiter, PlannedEvent awaited, WaitStrength strength, string because)
{
    public PlannedEvent Waiter { get; } = waiter;

    public PlannedEvent Awaited { get; } = awaited;

    public WaitStrength Strength { get; } = strength;

    public string Because { get; } = because;
}

/// <summary>How dear a wait is, the dearest first. Where waits form a ring, the cheapest are dropped.</summary>
internal enum WaitStrength
{
    /// <summary>Never dropped.</summary>
    Must,

    /// <summary>A service that goes altogether outlives its consumer.</summary>
    GoesAfterConsumer,

    /// <summary>Replaced cattle outlive their consumer.</summary>
    CattleAfterConsumer,

    /// <summary>A replaced pet outlives its consumer.</summary>
    PetAfterConsumer,

    /// <summary>As any of these, for a consumer that can do without.</summary>
    Optional,

    /// <summary>Spares a consumer the time in which a pet is down, or a provider side that is small by now.</summary>
    Sparing,

    /// <summary>Shortens the time in which a pet is down.</summary>
    Shortening,
}
