using System.Collections.Immutable;
using Tutti.Decisions.Transitions;

namespace Tutti.Cli.Solve;

/// <summary>The order in which services start and retire, or why there is none.</summary>
internal sealed record TransitionDocument
{
    /// <summary>Events; each waits only for events before it. Null where there is no order.</summary>
    public IReadOnlyList<EventDocument>? Events { get; init; }

    /// <summary>Ids of events that may go together, wave after wave.</summary>
    public IReadOnlyList<string[]>? Waves { get; init; }

    /// <summary>Times in which consumers have no provider.</summary>
    public IReadOnlyList<GapDocument>? Gaps { get; init; }

    /// <summary>Why there is no order, one reason each; null where there is one.</summary>
    public IReadOnlyList<string>? Refused { get; init; }

    public static TransitionDocument Of(TransitionPlan plan)
    {
        var ids = plan.Events.Select(IdOf).ToArray();
        return new TransitionDocument
        {
            Events =
            [
                .. plan.Events.Select((one, index) => new EventDocument
                {
                    Id = ids[index],
                    Event = WordOf(one.Kind),
                    Service = one.Service,
                    Version = one.Version.ToString(),
                    After = [.. one.After.Select(wait => ids[wait.Event])],
                    Because = one.Because,
                    Waits = [.. one.After.Select(wait => new WaitDocument(ids[wait.Event], wait.Because))],
                }),
            ],
            Waves = [.. plan.Waves.Select(wave => wave.Select(index => ids[index]).ToArray())],
            Gaps = [.. plan.Gaps.Select(gap => new GapDocument(gap.Service, gap.From.ToString(), gap.To.ToString(), gap.Consumers, gap.Because))],
        };
    }

    private static string IdOf(TransitionEvent one) => $"{WordOf(one.Kind)} {one.Service} {one.Version}";

    private static string WordOf(TransitionEventKind kind) => kind == TransitionEventKind.Start ? "start" : "retire";
}

/// <summary>One event.</summary>
internal sealed record EventDocument
{
    /// <summary>What others wait for: <c>start cart 2.2.0</c>.</summary>
    public required string Id { get; init; }

    /// <summary><c>start</c> or <c>retire</c>.</summary>
    public required string Event { get; init; }

    public required string Service { get; init; }

    public required string Version { get; init; }

    /// <summary>Ids of the events that must be done before.</summary>
    public required ImmutableArray<string> After { get; init; }

    public required string Because { get; init; }

    /// <summary>The same as <see cref="After"/>, each with its reason.</summary>
    public required ImmutableArray<WaitDocument> Waits { get; init; }
}

/// <summary>One event that another waits for.</summary>
internal sealed record WaitDocument(string Event, string Because);

/// <summary>A time in which a pet is down, or consumers lack one.</summary>
internal sealed record GapDocument(string Service, string From, string To, ImmutableArray<string> Consumers, string Because);
