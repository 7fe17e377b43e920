using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Tutti.Model.Versions;

namespace Tutti.Decisions.Transitions;

/// <summary>The ordered events that move the architecture from what runs to what should.</summary>
public sealed record TransitionPlan
{
    /// <summary>Events; each waits only for events before it. Wave by wave, Starts providers first, Retires consumers first, then by name.</summary>
    public ImmutableArray<TransitionEvent> Events { get; init; } = [];

    /// <summary>Indexes of events that may go together, wave after wave. An event is in the wave after the last that it waits for.</summary>
    public ImmutableArray<ImmutableArray<int>> Waves { get; init; } = [];

    /// <summary>Times in which consumers have no provider, which need consent.</summary>
    public ImmutableArray<Gap> Gaps { get; init; } = [];

    /// <summary>The most instances beyond those of the target and of what ran before, whichever is more, that run at one time when the plan is carried out wave
    /// by wave: within a wave all that starts is there before anything that stops is gone; a service that rolls has one instance more than it needs.</summary>
    public int PeakExtra { get; init; }
}

/// <summary>The two things that happen to a side.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TransitionEventKind>))]
public enum TransitionEventKind
{
    /// <summary>Its full number is started; done when all of them are healthy.</summary>
    [JsonStringEnumMemberName("start")]
    Start,

    /// <summary>Its instances are stopped; done when none of them runs any more.</summary>
    [JsonStringEnumMemberName("retire")]
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

    /// <summary>True for a Retire that waits for nothing but the Start of its own service: old and new are exchanged instance by instance, an old one
    /// stopped only when a new one is healthy. A Retire that waits for others holds its side in full until they are done.
    /// True also for a Retire of pets where two or more run before and after: once what it waits for is done (and what their Start waits for beside it),
    /// they are exchanged one by one, each only while all others are healthy.</summary>
    public bool Rolls { get; init; }
}

/// <summary>One event that another waits for.</summary>
/// <param name="Event">Index of the event to wait for.</param>
/// <param name="Because">Why: <c>web 1.2.0 accepts cart &gt;=2.2 &lt;3, not 2.0.0</c>.</param>
public sealed record Wait(int Event, string Because);

/// <summary>A time in which a pet is down, or consumers lack a provider that they need.</summary>
/// <param name="Service">The pet. (Cattle only where an interrupted transition left releases that need each other in a ring.)</param>
/// <param name="From">What it runs.</param>
/// <param name="To">What it will run.</param>
/// <param name="Consumers">Releases that may have no accepted provider meanwhile, as <c>orders 1.1.0</c>, by name; empty where nobody calls it. Those for which
/// it is optional are not among them.</param>
/// <param name="Because">Why there is no order without it.</param>
public sealed record Gap(string Service, ReleaseVersion From, ReleaseVersion To, ImmutableArray<string> Consumers, string Because);
