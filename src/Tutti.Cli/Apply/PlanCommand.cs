using System.CommandLine;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Manifest;
using Tutti.Cli.Output;
using Tutti.Cli.Transitions;
using Tutti.Server.Api;

namespace Tutti.Cli.Apply;

internal sealed class PlanCommand : TuttiCommand
{
    private readonly ManifestArgument _file = new();
    private readonly Option<bool> _allowGap = SharedOptions.AllowGap();

    public PlanCommand()
        : base("plan", "Show what applying a manifest would change, changing nothing")
    {
        _file.AddTo(this);
        Add(_allowGap);
        Add(SharedOptions.Output());
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("tutti plan architecture.yaml", "+ add, ~ update, - remove; each field before → after; then the way there, wave by wave"),
        new("tutti plan architecture.yaml -o json", "the same for programs"),
    ];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var terminal = invocation.Terminal;
        var manifest = ManifestFile.ReadValid(_file.Of(invocation), invocation.Rooms, terminal);
        using var api = invocation.Connect();
        foreach (var missing in ArtifactUse.Of(manifest).Where(use => !use.IsThere).DistinctBy(use => use.FullPath))
        {
            terminal.Error.WriteLine($"note: the artifact {missing.Path} of {missing.Owner} is not built yet; its content is left out");
        }

        var plan = await ManifestRequest.PlanAsync(invocation, api, manifest, invocation.Get(_allowGap), cancellation);
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
        return !plan.Refused.IsEmpty ? throw CliException.Failed("applying this would be refused, and nothing changed")
            : plan is { Changes.IsEmpty: false, Transition.Refusal: { } refusal } ? throw CliException.Failed($"apply would be refused: {refusal}")
            : ExitCode.Done;
    }

    private static void Print(Terminal terminal, PlanDocument plan)
    {
        if (plan.Changes.IsEmpty)
        {
            terminal.Out.WriteLine($"{plan.Architecture}: nothing would change; version set {plan.FromSet} is as the manifest says");
            return;
        }

        ChangeLines.Print(terminal, plan.Changes);
        terminal.Out.WriteLine($"{plan.Architecture}: {ChangeLines.Count(plan.Changes)}{(plan.FromSet is { } set ? $" (from version set {set})" : "")}");
        PlanText.Print(terminal, plan.Transition);
    }
}
