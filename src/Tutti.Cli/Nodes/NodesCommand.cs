using Tutti.Cli.Client;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Output;
using Tutti.Server.Api;

namespace Tutti.Cli.Nodes;

internal sealed class NodesCommand : TuttiCommand
{
    public NodesCommand()
        : base("nodes", "List the nodes: state, labels, capacity, what is reserved") => Add(SharedOptions.Output());

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("tutti nodes", "every node"),
        new("tutti nodes -o json", "the same for programs"),
    ];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        using var api = invocation.Connect();
        var nodes = await api.GetAsync<NodeDocument[]>(Routes.Nodes, cancellation);
        var table = new TextTable("NAME", "STATE", "ADDRESS", "INSTANCES", "CPU", "MEMORY", "HEARD", "LABELS");
        return Listing.Print(invocation, nodes, "no node has joined; join one with 'tutti agent --join URL --token T'", table, node => Row(node, invocation.Terminal));
    }

    private static Cell[] Row(NodeDocument node, Terminal terminal) =>
    [
        node.Name,
        new Cell(node.State, node.State switch { "Ready" => "green", "Lost" => "red", _ => "yellow" }),
        node.Address,
        node.Instances.ToString(),
        $"{node.Used.Cpu}/{node.Capacity.Cpu}",
        $"{Words.Size(node.Used.Memory)}/{Words.Size(node.Capacity.Memory)}",
        node.HeardAt is { } heard ? Words.Ago(heard, terminal.Clock) : "-",
        string.Join(' ', node.Labels.Select(label => $"{label.Key}={label.Value}")),
    ];
}
