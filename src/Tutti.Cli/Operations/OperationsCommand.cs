using System.CommandLine;
using Tutti.Cli.Client;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Output;
using Tutti.Control.State;

namespace Tutti.Cli.Operations;

internal sealed class OperationsCommand : TuttiCommand
{
    private readonly Option<string?> _architecture = SharedOptions.Architecture();
    private readonly Option<string?> _service = new("--service", "-s") { Description = "Only this service", HelpName = "NAME" };

    public OperationsCommand()
        : base("operations", "List the operations, newest last: what changes, how far it is")
    {
        Add(_architecture);
        Add(_service);
        Add(SharedOptions.Output());
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("tutti operations", "what has changed and what is changing"),
        new("tutti operations -s web", "the operations of one service"),
    ];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        using var api = invocation.Connect();
        var path = Routes.Operations(invocation.Get(_architecture), invocation.Get(_service));
        var operations = await api.GetAsync<Operation[]>(path, cancellation);
        var table = new TextTable("ID", "SERVICE", "KIND", "STATE", "SET", "DONE", "STARTED", "TOOK", "SUMMARY");
        return Listing.Print(invocation, operations, "nothing has been changed yet", table, operation => Row(operation, invocation.Terminal));
    }

    private static Cell[] Row(Operation operation, Terminal terminal) =>
    [
        operation.Id,
        operation.Service,
        operation.Kind.ToString(),
        State(operation.State),
        operation.ToSet.ToString(),
        $"{operation.Done}/{operation.Total}",
        Words.Ago(operation.Started, terminal.Clock),
        operation.Ended is { } ended ? Words.Age(ended - operation.Started) : "-",
        Words.OneLine(operation.Reason is null ? Summary(operation) : $"{Summary(operation)}: {operation.Reason}"),
    ];

    private static string Summary(Operation operation) =>
        operation.State is OperationState.Running or OperationState.Paused && operation.Step < operation.Steps.Length
            ? $"{operation.Summary} [{operation.Steps[operation.Step].Name}]"
            : operation.Summary;

    private static Cell State(OperationState state) => new(state.ToString(), state switch
    {
        OperationState.Succeeded => "green",
        OperationState.Failed or OperationState.RolledBack => "red",
        _ => "yellow",
    });
}
