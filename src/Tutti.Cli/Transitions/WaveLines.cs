using Tutti.Cli.Output;
using Tutti.Control.Transitions;
using Tutti.Decisions.Transitions;
using Tutti.Server.Api;

namespace Tutti.Cli.Transitions;

/// <summary>Turns looks at a transition into lines, one for each event that moved on and each service whose traffic moved:
/// <c>12:00:01 wave 2: start web 1.2.0 begins</c>, <c>12:00:03 cart traffic: 2.0.0 50 %, 2.2.0 50 %</c>.</summary>
internal sealed class WaveLines(Terminal terminal)
{
    private readonly Dictionary<string, EventState> _states = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _traffic = new(StringComparer.Ordinal);

    /// <summary>Prints what changed since the look before.</summary>
    public void Show(TransitionDocument? transition)
    {
        if (transition is null || !EventWords.Exchanges(transition))
        {
            return;
        }

        var done = EventWords.Done(transition);
        foreach (var (wave, e) in EventWords.ByWave(transition))
        {
            if (e.State is { } state && (!_states.TryGetValue(e.Id, out var before) || before != state))
            {
                _states[e.Id] = state;
                Print($"wave {wave}: {e.Id} {Describe(e, state, done)}");
            }
        }

        foreach (var service in transition.Traffic.GroupBy(share => share.Service, StringComparer.Ordinal))
        {
            ShowTraffic(service.Key, [.. service]);
        }

        terminal.Out.Flush();
    }

    private void ShowTraffic(string service, TrafficShareDocument[] shares)
    {
        var now = string.Join(", ", shares.Select(share => $"{share.Version} {EventWords.Percent(share.Share)}"));
        var seen = _traffic.TryGetValue(service, out var before);
        _traffic[service] = now;
        if (before != now && (seen || shares.Length > 1))
        {
            Print($"{service} traffic: {now}");
        }
    }

    private static string Describe(TransitionEventDocument e, EventState state, HashSet<string> done)
    {
        var instances = EventWords.Instances(e) is { } some ? $" ({some})" : "";
        return state switch
        {
            EventState.Waiting => EventWords.WaitsFor(e, done),
            EventState.Running => $"begins{instances}",
            _ => e.Event == TransitionEventKind.Start ? $"is done{instances}" : "is done",
        };
    }

    private void Print(string text) => terminal.Out.WriteLine($"{terminal.TimeOfDay(terminal.Clock.GetUtcNow())} {text.TrimEnd()}");
}
