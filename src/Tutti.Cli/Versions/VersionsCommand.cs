using System.CommandLine;
using Tutti.Cli.Architectures;
using Tutti.Cli.Client;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Output;
using Tutti.Control.State;
using Tutti.Server.Api;

namespace Tutti.Cli.Versions;

internal sealed class VersionsCommand : TuttiCommand
{
    private readonly Option<string?> _architecture = SharedOptions.Architecture();

    public VersionsCommand()
        : base("versions", "List the version sets of an architecture")
    {
        Add(_architecture);
        Add(SharedOptions.Output());
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("tutti versions", "every version set; the current one is marked"),
        new("tutti versions -o json", "with everything that is in them"),
    ];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        using var api = invocation.Connect();
        var name = await ArchitectureChoice.ResolveAsync(api, invocation.Get(_architecture), cancellation);
        var sets = await api.GetAsync<VersionSet[]>(Routes.Sets(name), cancellation);
        var current = invocation.Json ? 0 : (await api.GetAsync<ArchitectureDocument>(Routes.Architecture(name), cancellation)).Set;
        var table = new TextTable("SET", "", "PARENT", "AUTHOR", "MADE", "SERVICES", "MESSAGE");
        return Listing.Print(invocation, sets, $"{name} has no version set", table, set => Row(set, current, invocation.Terminal));
    }

    private static Cell[] Row(VersionSet set, int current, Terminal terminal) =>
    [
        set.Number.ToString(),
        set.Number == current ? new Cell("current", "green") : "",
        set.Parent?.ToString() ?? "-",
        set.Author,
        Words.Ago(set.Time, terminal.Clock),
        string.Join(' ', set.Spec.Services.Select(pair => pair.Value.Version is { } version ? $"{pair.Key}@{version}" : pair.Key)),
        Words.OneLine(set.Message),
    ];
}
