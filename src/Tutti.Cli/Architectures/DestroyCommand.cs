using System.CommandLine;
using Tutti.Cli.Client;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Operations;
using Tutti.Server.Api;

namespace Tutti.Cli.Architectures;

internal sealed class DestroyCommand : TuttiCommand
{
    private readonly Option<string?> _architecture = SharedOptions.Architecture();
    private readonly Option<bool> _yes = SharedOptions.Yes();
    private readonly Option<bool> _wait = SharedOptions.Wait();

    public DestroyCommand()
        : base("destroy", "Take every service of an architecture down; its version sets are kept")
    {
        Add(_architecture);
        Add(_yes);
        Add(_wait);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("tutti destroy", "take the only architecture down, after asking"),
        new("tutti destroy -a shop-staging --yes", "take one of several down without asking"),
        new("tutti destroy --yes --wait", "return when nothing of it runs any more"),
    ];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        using var api = invocation.Connect();
        var architecture = await ArchitectureChoice.ResolveAsync(api, invocation.Get(_architecture), cancellation);
        invocation.Confirm($"Take down every service of {architecture}?", invocation.Get(_yes));
        var wait = invocation.Get(_wait);
        var change = await api.DeleteAsync(Routes.Architecture(architecture), cancellation);
        invocation.Terminal.Out.WriteLine(
            change.Changed ? $"{architecture} is being taken down{(wait ? "" : "; follow it with 'tutti ps'")}" : $"{architecture} is down already");
        if (wait && !await new DownWait(api, invocation.Terminal, architecture).RunAsync(cancellation))
        {
            throw CliException.Failed($"{architecture} is not down; see 'tutti instances' and 'tutti nodes'");
        }

        return ExitCode.Done;
    }
}
