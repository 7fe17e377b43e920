using System.CommandLine;
using Tutti.Cli.Client;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Output;
using Tutti.Server.Api;

namespace Tutti.Cli.Instances;

internal sealed class InstancesCommand : TuttiCommand
{
    private readonly Argument<string?> _service = new("SERVICE") { Description = "Only this service", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _architecture = SharedOptions.Architecture();
    private readonly Option<string?> _node = new("--node") { Description = "Only this node", HelpName = "NAME" };

    public InstancesCommand()
        : base("instances", "List the instances: node, phase, pid, ports")
    {
        Add(_service);
        Add(_architecture);
        Add(_node);
        Add(SharedOptions.Output());
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("tutti instances", "every instance"),
        new("tutti instances web", "those of one service"),
        new("tutti instances --node b -o json", "those on one node, for programs"),
    ];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        using var api = invocation.Connect();
        var path = Routes.Instances(invocation.Get(_architecture), invocation.GetOptional(_service), invocation.Get(_node));
        var instances = await api.GetAsync<InstanceDocument[]>(path, cancellation);
        var table = new TextTable("ID", "SERVICE", "VERSION", "NODE", "PHASE", "PID", "PORTS", "CPU", "MEMORY", "SINCE", "REASON");
        return Listing.Print(invocation, instances, "no instance runs", table, instance => Row(instance, invocation.Terminal));
    }

    private static Cell[] Row(InstanceDocument instance, Terminal terminal) =>
    [
        instance.Id,
        instance.Service,
        instance.Version.ToString(),
        instance.Node ?? "-",
        Cell.Of(instance.Phase),
        instance.Pid?.ToString() ?? "-",
        instance.Ports.IsEmpty ? "-" : string.Join(' ', instance.Ports.Select(port => $"{port.Key}:{port.Value}")),
        instance.Used?.Cpu.ToString() ?? "-",
        instance.Used is { } used ? Words.Size(used.Memory) : "-",
        Words.Ago(instance.Since, terminal.Clock),
        Words.OneLine(instance.Reason),
    ];
}
