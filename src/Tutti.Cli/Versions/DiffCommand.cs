using System.CommandLine;
using Tutti.Cli.Architectures;
using Tutti.Cli.Client;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Output;
using Tutti.Server.Api;

namespace Tutti.Cli.Versions;

internal sealed class DiffCommand : TuttiCommand
{
    private readonly Argument<string> _from = SetNumber.Required("A", "Number of a version set");
    private readonly Argument<string?> _to = SetNumber.Optional("B", "Number of the one to compare it with (default: the current one)");
    private readonly Option<string?> _architecture = SharedOptions.Architecture();

    public DiffCommand()
        : base("diff", "Show what differs from one version set to another")
    {
        Add(_from);
        Add(_to);
        Add(_architecture);
        Add(SharedOptions.Output());
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("tutti versions diff 3 5", "per service: version, environment, resources, instances, placement and all else"),
        new("tutti versions diff 3", "from set 3 to the current one"),
    ];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var (from, to) = (SetNumber.Parse(invocation.Get(_from)), SetNumber.ParseOptional(invocation.GetOptional(_to)));
        using var api = invocation.Connect();
        var name = await ArchitectureChoice.ResolveAsync(api, invocation.Get(_architecture), cancellation);
        var difference = await api.GetAsync<SetDifferenceDocument>(Routes.Difference(name, from, to), cancellation);
        if (invocation.Json)
        {
            Listing.PrintJson(invocation.Terminal, difference);
        }
        else if (difference.Changes.IsEmpty)
        {
            invocation.Terminal.Out.WriteLine($"{name}: sets {difference.From} and {difference.To} say the same");
        }
        else
        {
            ChangeLines.Print(invocation.Terminal, difference.Changes);
            invocation.Terminal.Out.WriteLine($"{name}: {ChangeLines.Count(difference.Changes)} from set {difference.From} to set {difference.To}");
        }

        return ExitCode.Done;
    }
}
