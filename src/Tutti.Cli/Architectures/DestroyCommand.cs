using System.CommandLine;
using Tutti.Cli.Client;
using Tutti.Cli.CommandLine;
using Tutti.Server.Api;

namespace Tutti.Cli.Architectures;

internal sealed class DestroyCommand : TuttiCommand
{
    private readonly Option<string?> _architecture = SharedOptions.Architecture();
    private readonly Option<bool> _yes = SharedOptions.Yes();

    public DestroyCommand()
        : base("destroy", "Take every service of an architecture down; its version sets are kept")
    {
        Add(_architecture);
        Add(_yes);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("tutti destroy", "take the only architecture down, after asking"),
        new("tutti destroy -a shop-staging --yes", "take one of several down without asking"),
    ];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        using var api = invocation.Connect();
        var architecture = await ArchitectureChoice.ResolveAsync(api, invocation.Get(_architecture), cancellation);
        invocation.Confirm($"Take down every service of {architecture}?", invocation.Get(_yes));
        var change = await api.DeleteAsync(Routes.Architecture(architecture), cancellation);
        invocation.Terminal.Out.WriteLine(
            change.Changed ? $"{architecture} is being taken down; follow it with 'tutti ps'" : $"{architecture} is down already");
        return ExitCode.Done;
    }
}
