using System.Collections.Immutable;
using Tutti.Model.Versions;

namespace Tutti.Decisions.Transitions;

/// <summary>The ordered events that move the architecture from what runs to what should.</summary>
public sealed record TransitionPlan
{
    /// <summary>Events; each waits only for events before it.</summary>
    public ImmutableArray<TransitionEvent> Events { get; init; } = [];

    /// <summary>Indexes of events that may go together, wave after wave.</summary>
    public ImmutableArray<ImmutableArray<int>> Waves { get; init; } = [];

    /// <summary>Times in which consumers have no provider, which need consent.</summary>
    public ImmutableArray<Gap> Gaps { get; init; } = [];

    /// <summary>The most instances beyond those of the target and of what ran before, whichever is more, that run at one time.</summary>
    public int PeakExtra { get; init; }
}

/// <summary>The two things that happen to a side.</summary>
public enum TransitionEventKind
{
    /// <summary>Its full number is started; done when all of them are healthy.</summary>
    Start,

    /// <summary>Its instances are stopped; done when none of them runs any more.</summary>
    Retire,
}

/// <summary>One event.</summary>
public sealed record TransitionEvent
{
    /// <summary>Start or Retire.</summary>
    public required TransitionEventKind Kind { get; init; }

    /// <summary>The service.</summary>
    public required string Service { get; init; }

    /// <summary>The release.</summary>
    public required ReleaseVersion Version { get; init; }

    /// <summary>Events that must be done before, with the reason.</summary>
    public ImmutableArray<Wait> After { get; init; } = [];

    /// <summary>Why it happens, in a sentence.</summary>
    public required string Because { get; init; }

    /// <summary>True for a Retire that waits for nothing but the Start of its own service: old and new are exchanged instance by instance.
    /// A Retire that waits for others holds its side in full until they are done.</summary>
    public bool Rolls { get; init; }
}

/// <summary>One event that another waits for.</summary>
/// <param name="Event">Index of the event to wait for.</param>
/// <param name="Because">Why: <c>web 1.2.0 accepts cart &gt;=2.2 &lt;3, not 2.0.0</c>.</param>
public sealed record Wait(int Event, string Because);

/// <summary>A time in which a pet is down, or consumers lack one.</summary>
/// <param name="Service">The pet.</param>
/// <param name="From">What it runs.</param>
/// <param name="To">What it will run.</param>
/// <param name="Consumers">Releases that have no accepted provider meanwhile, as <c>orders 1.1.0</c>; empty where nobody calls it.</param>
/// <param name="Because">Why there is no order without it.</param>
public sealed record Gap(string Service, ReleaseVersion From, ReleaseVersion To, ImmutableArray<string> Consumers, string Because);
