using System.Collections.Immutable;
using Tutti.Server.Api;

namespace Tutti.Cli.Output;

/// <summary>Prints what differs between two version sets: a line for each service, and under it each field.</summary>
internal static class ChangeLines
{
    public static void Print(Terminal terminal, ImmutableArray<ServiceChangeDocument> changes)
    {
        foreach (var change in changes)
        {
            var (sign, color) = Sign(change.Action);
            Paint(terminal, $"{sign} {change.Service}", color, sign is '~' && change.Action != "update" ? $" ({change.Action})" : "");
            if (sign != '-')
            {
                PrintFields(terminal, change);
            }
        }
    }

    /// <summary><c>1 to add, 2 to update, 0 to remove</c>.</summary>
    public static string Count(ImmutableArray<ServiceChangeDocument> changes)
    {
        var counts = changes.CountBy(change => Sign(change.Action).Sign).ToDictionary();
        return $"{counts.GetValueOrDefault('+')} to add, {counts.GetValueOrDefault('~')} to update, {counts.GetValueOrDefault('-')} to remove";
    }

    private static void PrintFields(Terminal terminal, ServiceChangeDocument change)
    {
        foreach (var field in change.Fields)
        {
            terminal.Out.WriteLine($"    {field.Path}: " + (field.Before, field.After) switch
            {
                (null, _) => field.After,
                (_, null) => $"{field.Before} → (none)",
                _ => $"{field.Before} → {field.After}",
            });
        }
    }

    private static (char Sign, string Color) Sign(string action) => action switch
    {
        "add" => ('+', "\e[32m"),
        "remove" => ('-', "\e[31m"),
        _ => ('~', "\e[33m"),
    };

    private static void Paint(Terminal terminal, string text, string color, string after) =>
        terminal.Out.WriteLine((terminal.Colors ? $"{color}{text}\e[0m" : text) + after);
}
