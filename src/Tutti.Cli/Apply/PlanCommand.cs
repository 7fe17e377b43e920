using System.CommandLine;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Manifest;
using Tutti.Cli.Output;
using Tutti.Server.Api;

namespace Tutti.Cli.Apply;

internal sealed class PlanCommand : TuttiCommand
{
    private readonly Argument<string> _file = SharedOptions.File();

    public PlanCommand()
        : base("plan", "Show what applying a manifest would change, changing nothing")
    {
        Add(_file);
        Add(SharedOptions.Output());
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("tutti plan architecture.yaml", "+ add, ~ update, - remove; each field before → after"),
        new("tutti plan architecture.yaml -o json", "the same for programs"),
    ];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var terminal = invocation.Terminal;
        var manifest = ManifestFile.ReadValid(invocation.Get(_file), invocation.Rooms, terminal);
        using var api = invocation.Connect();
        foreach (var missing in ArtifactUse.Of(manifest).Where(use => !use.IsThere).DistinctBy(use => use.FullPath))
        {
            terminal.Error.WriteLine($"note: the artifact {missing.Path} of {missing.Owner} is not built yet; its content is left out");
        }

        var plan = await ManifestRequest.PlanAsync(invocation, api, manifest, cancellation);
        if (invocation.Json)
        {
            Listing.PrintJson(terminal, plan);
        }
        else
        {
            Print(terminal, plan);
        }

        foreach (var problem in plan.Refused)
        {
            terminal.Error.WriteLine(problem.Message);
        }

        // As 'apply' would end.
        return plan.Refused.IsEmpty ? ExitCode.Done : throw CliException.Failed("applying this would be refused, and nothing changed");
    }

    private static void Print(Terminal terminal, PlanDocument plan)
    {
        if (plan.Changes.IsEmpty)
        {
            terminal.Out.WriteLine($"{plan.Architecture}: nothing would change; version set {plan.FromSet} is as the manifest says");
            return;
        }

        foreach (var change in plan.Changes)
        {
            var (sign, color) = Sign(change.Action);
            Paint(terminal, $"{sign} {change.Service}", color, sign is '~' && change.Action != "update" ? $" ({change.Action})" : "");
            if (sign != '-')
            {
                PrintFields(terminal, change);
            }
        }

        var counts = plan.Changes.CountBy(change => Sign(change.Action).Sign).ToDictionary();
        terminal.Out.WriteLine(
            $"{plan.Architecture}: {counts.GetValueOrDefault('+')} to add, {counts.GetValueOrDefault('~')} to update, "
            + $"{counts.GetValueOrDefault('-')} to remove{(plan.FromSet is { } set ? $" (from version set {set})" : "")}");
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
