using Tutti.Cli.Output;
using Tutti.Decisions.Versions.Solving;
using Tutti.Model.Versions;

namespace Tutti.Cli.Solve;

/// <summary>An answer as a person reads it.</summary>
internal static class SolveText
{
    /// <summary>Most services that stay as they are which are named one by one.</summary>
    private const int MostStaying = 20;

    public static void Print(Terminal terminal, SolveQuestion question, Solution solution, TransitionDocument transition)
    {
        PrintVersions(terminal, question, solution);
        if (transition.Refused is { } reasons)
        {
            terminal.Out.WriteLine();
            terminal.Out.WriteLine("There is no order to get there:");
            foreach (var reason in reasons)
            {
                terminal.Out.WriteLine($"  {reason}");
            }
        }
        else if (transition.Events is { Count: > 0 } events)
        {
            terminal.Out.WriteLine();
            PrintWaves(terminal, events, transition.Waves!);
            PrintGaps(terminal, transition.Gaps!);
        }
    }

    public static void Print(Terminal terminal, NoSolution none)
    {
        terminal.Out.WriteLine("No set of versions fits:");
        foreach (var (index, fact) in none.Explanation.Index())
        {
            terminal.Out.WriteLine($"  {index + 1}. {fact}");
        }

        if (none.Nearest.Length > 0)
        {
            terminal.Out.WriteLine();
            terminal.Out.WriteLine("What could be had instead, nearest first:");
            foreach (var nearest in none.Nearest)
            {
                terminal.Out.WriteLine($"  {nearest.Text}");
            }
        }
    }

    private static void PrintVersions(Terminal terminal, SolveQuestion question, Solution solution)
    {
        if (solution.Changed.IsEmpty)
        {
            terminal.Out.WriteLine(solution.Versions.IsEmpty ? "Nothing is asked: 'request' and 'current' are empty" : "No service moves to another version");
        }
        else
        {
            var table = new TextTable("SERVICE", "FROM", "TO", "BECAUSE");
            foreach (var move in solution.Changed)
            {
                table.Add(move.Service, move.From.IsEmpty ? "(new)" : string.Join(", ", move.From), move.To.ToString(), move.Because);
            }

            table.Write(terminal);
        }

        var changed = solution.Changed.Select(move => move.Service).ToHashSet(StringComparer.Ordinal);
        var staying = solution.Versions.Where(version => !changed.Contains(version.Key)).Select(version => Staying(question, version.Key, version.Value)).ToList();
        if (staying.Count > 0)
        {
            var more = staying.Count > MostStaying ? $" and {staying.Count - MostStaying} more (-o json has them all)" : "";
            terminal.Out.WriteLine($"Stay as they are: {string.Join(", ", staying.Take(MostStaying))}{more}");
        }
    }

    private static string Staying(SolveQuestion question, string service, ReleaseVersion version)
    {
        var others = question.Current.GetValueOrDefault(service, []).Where(current => !current.Equals(version)).ToArray();
        return $"{service} {version}{(others.Length == 0 ? "" : $" (which also runs {string.Join(", ", others.AsEnumerable())})")}";
    }

    private static void PrintWaves(Terminal terminal, IReadOnlyList<EventDocument> events, IReadOnlyList<string[]> waves)
    {
        var byId = events.ToDictionary(one => one.Id, StringComparer.Ordinal);
        terminal.Out.WriteLine($"Transition: {Words.Count(events.Count, "event")} in {Words.Count(waves.Count, "wave")}");
        foreach (var (index, wave) in waves.Index())
        {
            terminal.Out.WriteLine($"  wave {index + 1}");
            foreach (var id in wave)
            {
                terminal.Out.WriteLine($"    {id}: {byId[id].Because}");
                foreach (var wait in byId[id].Waits)
                {
                    terminal.Out.WriteLine($"      after {wait.Event}: {wait.Because}");
                }
            }
        }
    }

    private static void PrintGaps(Terminal terminal, IReadOnlyList<GapDocument> gaps)
    {
        if (gaps.Count == 0)
        {
            return;
        }

        terminal.Out.WriteLine();
        terminal.Out.WriteLine("Gaps, which need consent:");
        foreach (var gap in gaps)
        {
            var lacking = gap.Consumers.IsEmpty ? "nobody needs it meanwhile" : $"{string.Join(", ", gap.Consumers)} without it meanwhile";
            terminal.Out.WriteLine($"  {gap.Service} {gap.From} → {gap.To}: {lacking}; {gap.Because}");
        }
    }
}
