using System.CommandLine;
using Tutti.Cli.Architectures;
using Tutti.Cli.Client;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Output;
using Tutti.Control.State;
using Tutti.Decisions.Versions;
using Tutti.Server.Api;

namespace Tutti.Cli.Versions;

internal sealed class VersionsCommand : TuttiCommand
{
    private const int MostSets = 1_000;

    private readonly Option<string?> _architecture = SharedOptions.Architecture();
    private readonly Option<int> _limit = new("--limit") { Description = "How many of the newest (at most 1000)", HelpName = "N", DefaultValueFactory = _ => 100 };

    public VersionsCommand()
        : base("versions", "List the version sets of an architecture; a tree where history branches")
    {
        Add(_architecture);
        Add(_limit);
        Add(SharedOptions.Output());
        Add(new ShowCommand());
        Add(new DiffCommand());
        Add(new BlameCommand());
        _limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > MostSets)
            {
                result.AddError($"--limit must be from 1 to {MostSets}");
            }
        });
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("tutti versions", "the version sets, oldest first; the current one is marked"),
        new("tutti versions -o json", "with everything that is in them"),
        new("tutti versions show 3", "one of them; see also 'tutti versions show --help'"),
        new("tutti versions diff 3 5", "what differs from set 3 to set 5"),
        new("tutti versions blame web", "which set last changed what in web, and who made it"),
    ];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        using var api = invocation.Connect();
        var name = await ArchitectureChoice.ResolveAsync(api, invocation.Get(_architecture), cancellation);
        var sets = await api.GetAsync<VersionSet[]>(Routes.Sets(name, invocation.Get(_limit)), cancellation);
        var current = invocation.Json ? 0 : (await api.GetAsync<ArchitectureDocument>(Routes.Architecture(name), cancellation)).Set;
        var tree = invocation.Json ? null : Tree(sets, current);
        var drawn = 0;
        var columns = new TextTable([.. tree is null ? Array.Empty<string>() : ["TREE"], "SET", "", "PARENT", "AUTHOR", "MADE", "SERVICES", "MESSAGE"]);
        return Listing.Print(invocation, sets, $"{name} has no version set", columns, set =>
            [.. tree is null ? Array.Empty<Cell>() : [tree[drawn++]], .. Row(set, current, invocation.Terminal)]);
    }

    private static IReadOnlyList<string>? Tree(VersionSet[] sets, int current)
    {
        var continued = HistoryTree.Continued([.. sets.Select(set => new HistoryEntry(set.Number, set.Parent, set.RollbackOf, set.ContentHash))]);
        return HistoryGraph.Draw([.. sets.Zip(continued, (set, earlier) => (set.Number, earlier))], current);
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
