using System.CommandLine;
using System.Globalization;
using Tutti.Cli.Architectures;
using Tutti.Cli.Client;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Output;
using Tutti.Control.State;
using Tutti.Decisions.Versions;
using Tutti.Model.Manifest;
using Tutti.Server.Api;

namespace Tutti.Cli.Versions;

internal sealed class ShowCommand : TuttiCommand
{
    private static readonly string[] _alwaysSaid = ["version", "instances", "resources.cpu", "resources.memory"];

    private readonly Argument<string?> _set = SetNumber.Optional("N", "Number of the version set (default: the current one)");
    private readonly Option<string?> _architecture = SharedOptions.Architecture();
    private readonly Option<string> _output = SharedOptions.Output(
        "text; json: the whole set; yaml: a manifest that 'tutti apply' restores the set from", "text", "json", "yaml");

    public ShowCommand()
        : base("show", "Show a version set, or export it as a manifest")
    {
        Add(_set);
        Add(_architecture);
        Add(_output);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("tutti versions show 3", "who made it, when and why, and every service in it"),
        new("tutti versions show 3 -o yaml > set3.yaml", "export it; 'tutti apply -f set3.yaml' restores it"),
    ];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var number = SetNumber.ParseOptional(invocation.GetOptional(_set));
        using var api = invocation.Connect();
        var name = await ArchitectureChoice.ResolveAsync(api, invocation.Get(_architecture), cancellation);
        var architecture = await api.GetAsync<ArchitectureDocument>(Routes.Architecture(name), cancellation);
        var set = await api.GetAsync<VersionSet>(Routes.Set(name, number ?? architecture.Set), cancellation);
        switch (invocation.Get(_output))
        {
            case "json":
                Listing.PrintJson(invocation.Terminal, set);
                break;
            case "yaml":
                invocation.Terminal.Out.Write(Export(set));
                break;
            default:
                Print(invocation.Terminal, set, architecture);
                break;
        }

        return ExitCode.Done;
    }

    /// <summary>The set as a manifest; artifacts stand in it by content hash, so it needs none of the files it was made from.</summary>
    private static string Export(VersionSet set) =>
        $"# version set {set.Number} of {set.Architecture}, {set.ContentHash}\n{ManifestWriter.Write(set.Spec)}";

    private static void Print(Terminal terminal, VersionSet set, ArchitectureDocument architecture)
    {
        var current = set.Number != architecture.Set ? "" : architecture.Destroyed ? " (current, taken down)" : " (current)";
        terminal.Out.WriteLine($"version set {set.Number} of {set.Architecture}{current}");
        Line("parent", set.Parent?.ToString(CultureInfo.InvariantCulture) ?? "-");
        if (set.RollbackOf is { } restored)
        {
            Line("restores", $"set {restored}");
        }

        Line("author", set.Author);
        Line("time", $"{set.Time.ToString("yyyy-MM-ddTHH:mm:ssK", CultureInfo.InvariantCulture)} ({Words.Ago(set.Time, terminal.Clock)})");
        Line("message", set.Message.Length == 0 ? "-" : Words.OneLine(set.Message));
        Line("content", set.ContentHash);
        foreach (var (service, entry) in set.Spec.Services)
        {
            terminal.Out.WriteLine($"\n{service}");
            PrintEntry(terminal, entry);
        }

        PrintOthers(terminal, set.Spec);

        void Line(string name, string text) => terminal.Out.WriteLine($"{name,-9} {text}");
    }

    private static void PrintEntry(Terminal terminal, ServiceSpec entry)
    {
        var said = EntryFields.Of(entry)
            .Where(field => !field.ByDefault || (entry.External is null && _alwaysSaid.Contains(field.Path)))
            .ToList();
        var width = said.Select(field => field.Path.Length).DefaultIfEmpty().Max();
        foreach (var field in said)
        {
            terminal.Out.WriteLine($"  {field.Path.PadRight(width)}  {field.Value.Replace("\n", "\n" + new string(' ', width + 4), StringComparison.Ordinal)}");
        }
    }

    private static void PrintOthers(Terminal terminal, ArchitectureSpec spec)
    {
        var others = ManifestDifference.Between(null, spec with { Services = spec.Services.Clear() });
        if (!others.IsEmpty)
        {
            terminal.Out.WriteLine("\nbeside the services");
            ChangeLines.Print(terminal, ServiceChangeDocument.Of(others));
        }
    }
}
