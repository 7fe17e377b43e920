using System.CommandLine;
using Tutti.Cli.Architectures;
using Tutti.Cli.Client;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Output;
using Tutti.Server.Api;

namespace Tutti.Cli.Versions;

internal sealed class ReleasesCommand : TuttiCommand
{
    private readonly Argument<string?> _service = new("SERVICE") { Description = "Only this service's", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _architecture = SharedOptions.Architecture();

    public ReleasesCommand()
        : base("releases", "List the recorded releases: what they accept, which version sets have them, where they run")
    {
        Add(_service);
        Add(_architecture);
        Add(SharedOptions.Output());
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("tutti releases", "every release, by service and newest first"),
        new("tutti releases web -o json", "those of one service, with how they run"),
    ];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        using var api = invocation.Connect();
        var name = await ArchitectureChoice.ResolveAsync(api, invocation.Get(_architecture), cancellation);
        var releases = await api.GetAsync<ReleaseDocument[]>(Routes.Releases(name, invocation.GetOptional(_service)), cancellation);
        var table = new TextTable("SERVICE", "VERSION", "RECORDED", "REVERSIBLE", "SETS", "RUNS", "NODES", "ACCEPTS");
        return Listing.Print(invocation, releases, $"{name} has no release", table, release => Row(release, invocation.Terminal));
    }

    private static Cell[] Row(ReleaseDocument release, Terminal terminal) =>
    [
        release.Service,
        release.Version.ToString(),
        Words.Ago(release.Recorded, terminal.Clock),
        release.Reversible ? "yes" : new Cell("no", "yellow"),
        Sets(release),
        Runs(release),
        release.Nodes.IsEmpty ? "-" : string.Join(',', release.Nodes),
        release.DependsOn.IsEmpty ? "-" : string.Join(", ", release.DependsOn.Select(pair => $"{pair.Key} {pair.Value.Accepts}{(pair.Value.Optional ? " (optional)" : "")}")),
    ];

    /// <summary><c>1-3, 7</c>, the last with a star where it is current.</summary>
    private static Cell Sets(ReleaseDocument release)
    {
        var ranges = string.Join(", ", release.Sets.Select(range => range.From == range.To ? $"{range.From}" : $"{range.From}-{range.To}"));
        return release.Sets.IsEmpty ? "-" : release.Current ? new Cell(ranges + "*", "green") : ranges;
    }

    private static Cell Runs(ReleaseDocument release) => release.Instances == 0
        ? "-"
        : new Cell($"{release.Healthy}/{release.Instances}", release.Healthy == release.Instances ? "green" : "yellow");
}
