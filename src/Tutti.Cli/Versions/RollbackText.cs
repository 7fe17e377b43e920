using Tutti.Cli.CommandLine;
using Tutti.Cli.Output;
using Tutti.Cli.Transitions;
using Tutti.Server.Api;

namespace Tutti.Cli.Versions;

/// <summary>Prints what going back would do.</summary>
internal static class RollbackText
{
    /// <summary>Whether all is as wished already.</summary>
    public static bool Nothing(RollbackPlanDocument plan) => plan.Moves.IsEmpty && plan.Changes.IsEmpty;

    /// <exception cref="CliException">It cannot be, and why (exit code 1).</exception>
    public static void Print(Terminal terminal, RollbackPlanDocument plan)
    {
        if (!plan.Solved)
        {
            throw Unsolved(plan);
        }

        if (Nothing(plan))
        {
            terminal.Out.WriteLine($"{plan.Architecture}: nothing to change, version set {plan.FromSet} is so already ({plan.Goal})");
            return;
        }

        terminal.Out.WriteLine($"{plan.Architecture}: {plan.Goal}, from version set {plan.FromSet}");
        PrintMoves(terminal, plan);
        PlanText.Print(terminal, plan.Transition);
        if (plan.Transition?.Refusal is { } refusal)
        {
            throw CliException.Failed(refusal);
        }
    }

    private static void PrintMoves(Terminal terminal, RollbackPlanDocument plan)
    {
        var moves = plan.Moves.Select(move => (Name: move.Service, Way: $"{Version(move.From)} → {Version(move.To)}", move.Because)).ToArray();
        foreach (var (name, way, because) in moves)
        {
            var (wide, far) = (moves.Max(move => move.Name.Length), moves.Max(move => move.Way.Length));
            terminal.Out.WriteLine($"  {name.PadRight(wide)}  {way.PadRight(far)}  because {because}");
        }

        // What moves takes its fields with it; what does not move and changes all the same is shown field by field.
        ChangeLines.Print(terminal, [.. plan.Changes.Where(change => !plan.Moves.Any(move => move.Service == change.Service))]);
    }

    private static string Version(object? version) => version?.ToString() ?? "(none)";

    private static CliException Unsolved(RollbackPlanDocument plan)
    {
        var chain = plan.Explanation.Select((fact, index) => $"{index + 1}. {fact}");
        var nearest = plan.Nearest.IsEmpty ? [] : plan.Nearest.Select(each => $"  {each}").Prepend("what can be had instead:");
        return new CliException(ExitCode.Failed, $"{plan.Goal} cannot be: no versions fit together; nothing was changed", [.. chain, .. nearest]);
    }
}
