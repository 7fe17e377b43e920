using System.CommandLine;
using Tutti.Cli.Architectures;
using Tutti.Cli.Client;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Output;
using Tutti.Server.Api;

namespace Tutti.Cli.Services;

internal sealed class PsCommand : TuttiCommand
{
    private readonly Option<string?> _architecture = SharedOptions.Architecture();

    public PsCommand()
        : base("ps", "List the services: version, status, health, instances")
    {
        Add(_architecture);
        Add(SharedOptions.Output());
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("tutti ps", "the services of the only architecture"),
        new("tutti ps -a shop -o json", "the same for programs"),
    ];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        using var api = invocation.Connect();
        var architecture = await ArchitectureChoice.FindAsync(api, invocation.Get(_architecture), cancellation);
        var services = architecture is null ? [] : await api.GetAsync<ServiceDocument[]>(Routes.Services(architecture), cancellation);
        var table = new TextTable("SERVICE", "VERSION", "STATUS", "HEALTH", "INSTANCES", "SINCE", "NOTE");
        return Listing.Print(invocation, services, architecture is null ? ArchitectureChoice.NothingYet : $"{architecture} has no service", table, service => Row(service, invocation.Terminal));
    }

    private static Cell[] Row(ServiceDocument service, Terminal terminal) =>
    [
        service.Service,
        ServiceWords.Version(service),
        ServiceWords.Status(service),
        Cell.Of(service.Health),
        service.External is null ? $"{service.Healthy}/{service.Desired}" : "-",
        Words.Ago(service.Since, terminal.Clock),
        ServiceWords.Note(service),
    ];
}
