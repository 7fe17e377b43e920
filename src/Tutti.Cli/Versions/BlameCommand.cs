using System.CommandLine;
using Tutti.Cli.Architectures;
using Tutti.Cli.Client;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Output;
using Tutti.Server.Api;

namespace Tutti.Cli.Versions;

internal sealed class BlameCommand : TuttiCommand
{
    private readonly Argument<string> _service = SharedOptions.Service();
    private readonly Option<string?> _architecture = SharedOptions.Architecture();

    public BlameCommand()
        : base("blame", "Show which version set last changed each field of a service, and who made it")
    {
        Add(_service);
        Add(_architecture);
        Add(SharedOptions.Output());
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("tutti versions blame web", "each field, its value, and the set that gave it that value"),
        new("tutti versions blame web -o json", "with the fields that have always been as by default"),
    ];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        using var api = invocation.Connect();
        var name = await ArchitectureChoice.ResolveAsync(api, invocation.Get(_architecture), cancellation);
        var blame = await api.GetAsync<BlameDocument>(Routes.Blame(name, invocation.Get(_service)), cancellation);
        if (invocation.Json)
        {
            Listing.PrintJson(invocation.Terminal, blame);
            return ExitCode.Done;
        }

        var table = new TextTable("FIELD", "SET", "AUTHOR", "MADE", "VALUE", "MESSAGE");
        foreach (var field in blame.Fields.Where(field => !field.ByDefault || field.Set != blame.Since))
        {
            table.Add(field.Path, $"{field.Set}", field.Author, Words.Ago(field.Time, invocation.Terminal.Clock), Short(field.Value), Words.OneLine(field.Message));
        }

        table.Write(invocation.Terminal);
        return ExitCode.Done;
    }

    // A long command would push the message off every terminal; JSON has it whole.
    private static string Short(string value)
    {
        const int Longest = 60;
        var line = Words.OneLine(value);
        return line.Length <= Longest ? line : line[..(Longest - 1)] + "…";
    }
}
