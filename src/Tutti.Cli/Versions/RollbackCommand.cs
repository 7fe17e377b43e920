using System.CommandLine;
using Tutti.Cli.Architectures;
using Tutti.Cli.Client;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Operations;
using Tutti.Cli.Output;
using Tutti.Server.Api;

namespace Tutti.Cli.Versions;

internal sealed class RollbackCommand : TuttiCommand
{
    private readonly Option<string?> _architecture = SharedOptions.Architecture();
    private readonly RollbackWords _wish = new();
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Show what would be done, and do nothing" };
    private readonly Option<string> _output = SharedOptions.Output();
    private readonly Option<bool> _yes = SharedOptions.Yes();
    private readonly WaitChoice _wait = new();

    public RollbackCommand()
        : base("rollback", "Go back: one service with whatever must follow it, or the whole architecture")
    {
        _wish.AddTo(this);
        Add(_architecture);
        Add(_dryRun);
        Add(_output);
        Add(_yes);
        _wait.AddTo(this);
        Validators.Add(result =>
        {
            if (result.GetValue(_output) == "json" && !result.GetValue(_dryRun))
            {
                result.AddError("-o json goes with --dry-run: it prints the plan");
            }
        });
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("tutti rollback web", "web to the release before, with what must follow; after asking"),
        new("tutti rollback web --to 1.1.0 --hold cart --dry-run", "whether that can be, and what else would move"),
        new("tutti rollback", "the whole architecture to the set before"),
        new("tutti rollback --set 3 --yes", "as it was in set 3, without asking"),
    ];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var terminal = invocation.Terminal;
        var wish = _wish.Of(invocation);
        using var api = invocation.Connect();
        var architecture = await ArchitectureChoice.ResolveAsync(api, invocation.Get(_architecture), cancellation);
        var plan = await api.PostAsync<RollbackPlanDocument>(Routes.RollbackPlan(architecture), wish, cancellation);
        if (invocation.Json)
        {
            Listing.PrintJson(terminal, plan);
            return plan.Solved && plan.Transition?.Refusal is null ? ExitCode.Done : ExitCode.Failed;
        }

        RollbackText.Print(terminal, plan);
        if (RollbackText.Nothing(plan) || invocation.Get(_dryRun))
        {
            return ExitCode.Done;
        }

        invocation.Confirm(wish.Service is null ? $"Roll {architecture} back to {plan.Goal}?" : $"Roll back {plan.Goal}?", invocation.Get(_yes));
        return await RunAsync(invocation, api, plan, wish, cancellation);
    }

    private async Task<int> RunAsync(Invocation invocation, ApiClient api, RollbackPlanDocument plan, RollbackRequest wish, CancellationToken cancellation)
    {
        var (terminal, architecture) = (invocation.Terminal, plan.Architecture);
        var change = await api.ChangeAsync(Routes.Rollback(architecture), wish with { FromSet = plan.FromSet }, cancellation);
        var set = change.Set ?? plan.FromSet;
        terminal.Out.WriteLine(change.Changed ? $"{architecture} goes back, {plan.Goal}, as version set {set}" : $"{architecture}: nothing to change, version set {set} is current");
        if (!_wait.Of(invocation))
        {
            return ExitCode.Done;
        }

        var outcome = await ProgressView.ShowAsync(terminal, new SetWait(api, terminal, architecture, set), cancellation);
        return outcome.Report(terminal, architecture, set);
    }
}
