using Spectre.Console;
using Spectre.Console.Rendering;
using Tutti.Cli.Output;
using Tutti.Control.Transitions;
using Tutti.Decisions.Transitions;
using Tutti.Server.Api;

namespace Tutti.Cli.Transitions;

/// <summary>What a terminal shows of a transition: its events wave by wave, and who gets how much of the traffic.</summary>
internal static class WavePicture
{
    /// <summary>Rows of events at most: those that are done are left out first, then the last.</summary>
    internal const int MostEvents = 20;

    /// <summary>Length of a bar of 100 %.</summary>
    private const int WholeBar = 20;

    /// <summary>Nothing where there is nothing to see.</summary>
    public static IEnumerable<IRenderable> Of(TransitionDocument? transition) =>
        transition is null || !EventWords.Exchanges(transition) ? [] : [Text.Empty, Waves(transition), .. Traffic(transition)];

    private static Table Waves(TransitionDocument transition)
    {
        var table = new TextTable("WAVE", "EVENT", "INSTANCES", "NOTE");
        var done = EventWords.Done(transition);
        var all = EventWords.ByWave(transition).ToList();
        var open = all.Count <= MostEvents ? all : all.Where(row => row.Event.State != EventState.Done).ToList();
        foreach (var (wave, e) in open.Take(MostEvents))
        {
            var (symbol, color) = Symbol(e.State);
            table.Add($"{wave}", new Cell($"{symbol} {e.Id}", color), EventWords.Instances(e) ?? "-", Note(e, done));
        }

        var hidden = (Done: all.Count - open.Count, Later: Math.Max(0, open.Count - MostEvents));
        if (hidden.Done + hidden.Later > 0)
        {
            table.Add("", $"{hidden.Done} more done, {hidden.Later} more to come", "", "");
        }

        return table.ToRenderable();
    }

    private static string Note(TransitionEventDocument e, HashSet<string> done) => e.State switch
    {
        EventState.Waiting => EventWords.WaitsFor(e, done),
        EventState.Done => "",
        _ => e.Because,
    };

    private static IEnumerable<IRenderable> Traffic(TransitionDocument transition)
    {
        var split = transition.Traffic.GroupBy(share => share.Service, StringComparer.Ordinal).Where(service => service.Count() > 1).ToArray();
        if (split.Length == 0)
        {
            return [];
        }

        var table = new TextTable("TRAFFIC", "");
        foreach (var service in split)
        {
            table.Add(service.Key, string.Join(" · ", service.Select(share => $"{share.Version} {Bar(share.Share)}{EventWords.Percent(share.Share)}")));
        }

        return [Text.Empty, table.ToRenderable()];
    }

    /// <summary>Any share that there is can be seen.</summary>
    private static string Bar(double share) =>
        share <= 0 ? "" : new string('█', Math.Max(1, (int)Math.Round(share * WholeBar / 100))) + " ";

    private static (char Symbol, string? Color) Symbol(EventState? state) => state switch
    {
        EventState.Done => ('●', "green"),
        EventState.Running => ('◐', "yellow"),
        _ => ('○', "grey"),
    };
}
