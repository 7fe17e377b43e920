using System.Collections.Immutable;
using System.CommandLine;
using Tutti.Cli.Client;
using Tutti.Cli.CommandLine;
using Tutti.Node.Agent;

namespace Tutti.Cli.Serving;

internal sealed class AgentCommand : TuttiCommand
{
    private readonly Option<string?> _join = new("--join") { Description = "URL of the server (default: as for every command)", HelpName = "URL" };
    private readonly Option<string?> _token = new("--token")
    {
        Description = "The server's token (or TUTTI_TOKEN; default: the file token in the data folder)",
        HelpName = "T",
    };

    private readonly Option<string?> _name = new("--name") { Description = "Name of the node (default: the host's)", HelpName = "NAME" };
    private readonly Option<string[]> _labels = new("--label") { Description = "Label of the node; may be repeated", HelpName = "KEY=VALUE" };
    private readonly Option<string> _address = new("--address")
    {
        Description = "Host or IP at which other nodes reach this one",
        HelpName = "HOST",
        DefaultValueFactory = _ => "127.0.0.1",
    };

    private readonly Option<string?> _cpu = new("--cpu") { Description = "Processor time to give (default: all cores)", HelpName = "CPU" };
    private readonly Option<string?> _memory = new("--memory") { Description = "Memory to give (default: 90 %)", HelpName = "SIZE" };
    private readonly Option<string> _ports = new("--ports")
    {
        Description = "Ports to give to instances",
        HelpName = "FIRST-LAST",
        DefaultValueFactory = _ => "20000-32767",
    };

    public AgentCommand()
        : base("agent", "Run this machine's agent, which makes it a node of a server")
    {
        foreach (var option in (Option[])[_join, _token, _name, _labels, _address, _cpu, _memory, _ports])
        {
            Add(option);
        }
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("tutti agent --join http://10.0.0.1:7420 --token T --address 10.0.0.2", "join from another machine"),
        new("tutti agent --name b --data ~/.tutti-b --label zone=b --label disk=ssd", "a second node on this one"),
    ];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var options = Read(invocation);
        using var folder = FolderLock.Acquire(options.DataFolder, "agent");
        await using var agent = await invocation.Rooms.Serving.StartAgentAsync(options, cancellation);
        invocation.Terminal.Out.WriteLine($"node {agent.Name} of {options.Server}, data {options.DataFolder}");
        invocation.Terminal.Out.Flush();
        await Lifetime.WaitAsync(cancellation, agent.Completion);
        invocation.Terminal.Error.WriteLine("the agent ends; its instances keep running and are taken over by the next one");
        return ExitCode.Done;
    }

    /// <summary>The agent's own folder inside a data folder, so that a server and an agent may share that.</summary>
    internal static string FolderIn(string dataFolder) => Path.Combine(dataFolder, "agent");

    private AgentOptions Read(Invocation invocation)
    {
        var server = invocation.Get(_join) ?? invocation.NamedServer ?? ServerRecord.Read(invocation.DataFolder)?.Url
            ?? throw new CliException(ExitCode.NoServer, "no server is named; name it with --join URL");
        var token = invocation.Get(_token) ?? invocation.Terminal.Environment("TUTTI_TOKEN") ?? ServerLocator.ReadToken(invocation.DataFolder)
            ?? throw CliException.BadInput("the server's token is needed: give it with --token T; it is in the file token of the server's data folder");
        return new AgentOptions
        {
            DataFolder = FolderIn(invocation.DataFolder),
            Server = ServerLocator.ParseUrl(server).GetLeftPart(UriPartial.Authority),
            Token = token,
            Name = invocation.Get(_name),
            Address = invocation.Get(_address)!,
            Labels = AgentSettings.Labels(invocation.Get(_labels) ?? []),
            Capacity = AgentSettings.Capacity(invocation.Get(_cpu), invocation.Get(_memory)),
            Ports = AgentSettings.Ports(invocation.Get(_ports)!),
            RouteAnyVersion = AgentSettings.RouteAnyVersion(invocation.Terminal),
        };
    }
}
