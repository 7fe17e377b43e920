using System.CommandLine;
using Tutti.Cli.Client;
using Tutti.Cli.CommandLine;
using Tutti.Server.Api;

namespace Tutti.Cli.Nodes;

internal sealed class DrainCommand : TuttiCommand
{
    private readonly Argument<string> _node = new("NODE") { Description = "The node" };
    private readonly Option<bool> _undo = new("--undo") { Description = "Let instances come again" };

    public DrainCommand()
        : base("drain", "Move every instance away from a node and let none come")
    {
        Add(_node);
        Add(_undo);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("tutti drain node-2", "before the machine is taken away"),
        new("tutti drain node-2 --undo", "it is back"),
    ];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        using var api = invocation.Connect();
        var (node, undo) = (invocation.Get(_node), invocation.Get(_undo));
        var change = await api.ChangeAsync(Routes.Drain(node), new DrainRequest(!undo), cancellation);
        invocation.Terminal.Out.WriteLine((change.Changed, undo) switch
        {
            (true, false) => $"{node} is being drained; follow it with 'tutti nodes'",
            (true, true) => $"{node} takes instances again",
            (false, false) => $"{node} is drained already",
            (false, true) => $"{node} is not drained",
        });
        foreach (var note in change.Notes)
        {
            invocation.Terminal.Out.WriteLine(note);
        }

        return ExitCode.Done;
    }
}
