using System.Collections.Immutable;
using Tutti.Control.State;
using Tutti.Control.Transitions;
using Tutti.Decisions.Transitions;
using Tutti.Model.Versions;
using Tutti.Server.Api;

namespace Tutti.Cli.Tests.Fakes;

/// <summary>The shop from {web 1.1, cart 2.0} to {web 1.2, cart 2.2}: cart side by side, web rolling.</summary>
internal static class ShopTransition
{
    public static readonly TransitionDocument Planned = new()
    {
        Events =
        [
            Event("start cart 2.2.0", "cart goes to 2.2.0"),
            Event("start web 1.2.0", "web goes to 1.2.0", ("start cart 2.2.0", "web 1.2.0 accepts cart >=2.2 <3, not 2.0.0")),
            Event("retire web 1.1.0", "web 1.1.0 is replaced by 1.2.0", ("start web 1.2.0", "web 1.2.0 must be healthy before web 1.1.0 goes")) with { Rolls = true },
            Event(
                "retire cart 2.0.0",
                "cart 2.0.0 is replaced by 2.2.0",
                ("start cart 2.2.0", "cart 2.2.0 must be healthy before cart 2.0.0 goes"),
                ("retire web 1.1.0", "web 1.1.0 accepts cart >=2.0 <2.2, not 2.2.0")),
        ],
        Waves = [["start cart 2.2.0"], ["start web 1.2.0"], ["retire web 1.1.0"], ["retire cart 2.0.0"]],
        PeakExtra = 3,
    };

    /// <summary>A pet that is exchanged, which hurts a consumer.</summary>
    public static readonly TransitionDocument WithGap = new()
    {
        Events =
        [
            Event("retire ledger 1.1.0", "ledger 1.1.0 is replaced by 1.2.0"),
            Event("start ledger 1.2.0", "ledger goes to 1.2.0", ("retire ledger 1.1.0", "a pet never runs twice")),
        ],
        Waves = [["retire ledger 1.1.0"], ["start ledger 1.2.0"]],
        Gaps = [new Gap("ledger", ReleaseVersion.Parse("1.1.0"), ReleaseVersion.Parse("1.2.0"), ["orders 1.1.0"], "it is a pet")],
    };

    /// <summary>What GapConsent says of <see cref="WithGap"/>.</summary>
    public const string GapRefusal =
        "ledger is down while it goes from 1.1.0 to 1.2.0, and orders 1.1.0 lacks it (it is a pet). Agree to it with --allow-gap; nothing was changed";

    /// <summary>On its way: how far each event is, by letters w, r and d; and how many instances of each event's release are healthy and there.</summary>
    public static TransitionDocument At(string states, params (int Healthy, int Instances)[] counts) => Planned with
    {
        ToSet = 2,
        FromSet = 1,
        State = TransitionState.Running,
        Events =
        [
            .. Planned.Events.Select((e, i) => e with
            {
                State = states[i] switch { 'w' => EventState.Waiting, 'r' => EventState.Running, _ => EventState.Done },
                Healthy = counts.ElementAtOrDefault(i).Healthy,
                Instances = counts.ElementAtOrDefault(i).Instances,
            }),
        ],
    };

    /// <summary>The same with shares, written as <c>web 1.1.0 90</c>.</summary>
    public static TransitionDocument Sharing(this TransitionDocument transition, params string[] shares) => transition with
    {
        Traffic =
        [
            .. from share in shares
               let parts = share.Split(' ')
               select new TrafficShareDocument(parts[0], ReleaseVersion.Parse(parts[1]), 1, double.Parse(parts[2], System.Globalization.CultureInfo.InvariantCulture)),
        ],
    };

    private static TransitionEventDocument Event(string id, string because, params (string Event, string Because)[] waits)
    {
        var parts = id.Split(' ');
        return new TransitionEventDocument
        {
            Id = id,
            Event = parts[0] == "start" ? TransitionEventKind.Start : TransitionEventKind.Retire,
            Service = parts[1],
            Version = ReleaseVersion.Parse(parts[2]),
            After = [.. waits.Select(wait => wait.Event)],
            Because = because,
            Waits = [.. waits.Select(wait => new TransitionWaitDocument(wait.Event, wait.Because))],
        };
    }
}
