using System.CommandLine;
using Tutti.Cli.Architectures;
using Tutti.Cli.Client;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Events;
using Tutti.Cli.Output;
using Tutti.Control.State;

namespace Tutti.Cli.Services;

internal sealed class HistoryCommand : TuttiCommand
{
    private readonly Argument<string> _service = SharedOptions.Service();
    private readonly Option<string?> _architecture = SharedOptions.Architecture();

    public HistoryCommand()
        : base("history", "Show the journal of one service, oldest first")
    {
        Add(_service);
        Add(_architecture);
        Add(SharedOptions.Output());
    }

    public override IReadOnlyList<Example> Examples { get; } = [new("tutti history web", "every change of status of web, with time and cause")];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var service = invocation.Get(_service);
        using var api = invocation.Connect();
        var architecture = await ArchitectureChoice.ResolveAsync(api, invocation.Get(_architecture), cancellation);
        var events = await api.GetAsync<Event[]>(Routes.Service(architecture, service, "history"), cancellation);
        return EventTable.Print(invocation, events, $"{service} has no history yet");
    }
}
