using Tutti.Cli.CommandLine;
using Tutti.Cli.Output;
using Tutti.Control.State;

namespace Tutti.Cli.Events;

/// <summary>How events are shown.</summary>
internal static class EventTable
{
    public static int Print(Invocation invocation, IReadOnlyList<Event> events, string ifEmpty)
    {
        var table = new TextTable("TIME", "KIND", "ABOUT", "CHANGE", "CAUSE");
        return Listing.Print(invocation, events, ifEmpty, table, one => Row(one, invocation.Terminal));
    }

    /// <summary>One line, for a journal that is followed.</summary>
    public static string Line(Event one, Terminal terminal) =>
        string.Join(' ', new[] { terminal.TimeOfDay(one.Time), About(one), Change(one), one.Cause.Length == 0 ? "" : $"({Words.OneLine(one.Cause)})" }
            .Where(part => part.Length > 0));

    private static Cell[] Row(Event one, Terminal terminal) =>
    [
        Words.Ago(one.Time, terminal.Clock),
        one.Kind == EventKind.Alert ? new Cell("Alert", "red") : one.Kind.ToString(),
        About(one),
        Change(one),
        Words.OneLine(one.Cause),
    ];

    private static string About(Event one) => one.Instance ?? one.Service ?? one.Node ?? one.Architecture ?? "";

    private static string Change(Event one) => (one.From, one.To) switch
    {
        (null, null) => "",
        (null, { } to) => to,
        ({ } from, null) => from,
        ({ } from, { } to) => $"{from} → {to}",
    };
}
