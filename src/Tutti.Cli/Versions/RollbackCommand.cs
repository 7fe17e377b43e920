using System.CommandLine;
using Tutti.Cli.Architectures;
using Tutti.Cli.Client;
using Tutti.Cli.CommandLine;
using Tutti.Server.Api;

namespace Tutti.Cli.Versions;

internal sealed class RollbackCommand : TuttiCommand
{
    private readonly Option<string?> _architecture = SharedOptions.Architecture();
    private readonly Option<int?> _set = new("--set") { Description = "The version set to go back to (default: the one before)", HelpName = "N" };
    private readonly Option<bool> _force = new("--force") { Description = "Also past a release that is not reversible" };
    private readonly Option<bool> _yes = SharedOptions.Yes();

    public RollbackCommand()
        : base("rollback", "Go back to an earlier version set, the whole architecture")
    {
        Add(_architecture);
        Add(_set);
        Add(_force);
        Add(_yes);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("tutti rollback", "back to the set before, after asking"),
        new("tutti rollback --set 3 --yes", "as it was in set 3, without asking"),
    ];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var set = invocation.Get(_set);
        if (set < 1)
        {
            throw CliException.BadInput($"--set {set}: version sets are numbered from 1");
        }

        using var api = invocation.Connect();
        var architecture = await ArchitectureChoice.ResolveAsync(api, invocation.Get(_architecture), cancellation);
        var goal = set is null ? "the version set before" : $"set {set}";
        invocation.Confirm($"Roll {architecture} back to {goal}?", invocation.Get(_yes));
        var change = await api.ChangeAsync(
            Routes.Rollback(architecture), new RollbackRequest { Set = set, Force = invocation.Get(_force) }, cancellation);
        invocation.Terminal.Out.WriteLine(
            change.Changed ? $"{architecture} goes back to {goal}, as set {change.Set}" : $"{architecture} is as in {goal} already");
        return ExitCode.Done;
    }
}
