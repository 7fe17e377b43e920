using System.Globalization;
using Tutti.Control.Transitions;
using Tutti.Decisions.Transitions;
using Tutti.Server.Api;

namespace Tutti.Cli.Transitions;

/// <summary>How tables, lines and plans spell the events of a transition.</summary>
internal static class EventWords
{
    /// <summary>Events with the number of their wave, from 1, in order.</summary>
    public static IEnumerable<(int Wave, TransitionEventDocument Event)> ByWave(TransitionDocument transition)
    {
        var events = transition.Events.ToDictionary(e => e.Id, StringComparer.Ordinal);
        return transition.Waves.SelectMany((wave, index) => wave.Select(id => (index + 1, events[id])));
    }

    /// <summary>Whether it exchanges anything. Where services only come or only go, what is shown of the services says it all.</summary>
    public static bool Exchanges(TransitionDocument transition) =>
        transition.Events.Any(e => e.Event == TransitionEventKind.Retire) && transition.Events.Any(e => e.Event == TransitionEventKind.Start);

    /// <summary>The instances of its release: <c>1/2 healthy</c>, <c>2 left</c>; null: there are none.</summary>
    public static string? Instances(TransitionEventDocument e) =>
        e.Instances is not > 0 ? null : e.Event == TransitionEventKind.Start ? $"{e.Healthy}/{e.Instances} healthy" : $"{e.Instances} left";

    /// <summary>Ids of the events that are done.</summary>
    public static HashSet<string> Done(TransitionDocument transition) =>
        transition.Events.Where(e => e.State == EventState.Done).Select(e => e.Id).ToHashSet(StringComparer.Ordinal);

    /// <summary>What it waits for, the first and how many more: <c>waits for start cart 2.2.0: web 1.2.0 accepts ...</c>.</summary>
    public static string WaitsFor(TransitionEventDocument e, HashSet<string> done)
    {
        var open = e.Waits.Where(wait => !done.Contains(wait.Event)).ToArray();
        return open.Length == 0 ? "" : $"waits for {open[0].Event}{More(open.Length - 1)}: {open[0].Because}";
    }

    /// <summary><c> and 2 more</c>; empty for none.</summary>
    public static string More(int count) => count > 0 ? $" and {count} more" : "";

    /// <summary><c>33.3 %</c>.</summary>
    public static string Percent(double share) => share.ToString("0.#", CultureInfo.InvariantCulture) + " %";
}
