using System.CommandLine;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Output;
using Tutti.Model.Problems;

namespace Tutti.Cli.Manifest;

internal sealed class ValidateCommand : TuttiCommand
{
    private readonly ManifestArgument _file = new();

    public ValidateCommand()
        : base("validate", "Check a manifest and print every problem; needs no server")
    {
        _file.AddTo(this);
        Add(SharedOptions.Output());
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("tutti validate architecture.yaml", "every problem as file:line:column"),
        new("tutti validate architecture.yaml -o json", "the same for editors and CI"),
    ];

    public override Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var path = _file.Of(invocation);
        var manifest = ManifestFile.Read(path, invocation.Rooms);
        var errors = manifest.Problems.Count(problem => problem.Severity == Severity.Error);
        if (invocation.Json)
        {
            Listing.PrintJson(invocation.Terminal, manifest.Problems);
        }
        else
        {
            Print(invocation.Terminal, manifest, errors);
        }

        return Task.FromResult(errors > 0 ? ExitCode.BadInput : ExitCode.Done);
    }

    private static void Print(Terminal terminal, ManifestFile manifest, int errors)
    {
        foreach (var problem in manifest.Problems)
        {
            terminal.Out.WriteLine(problem.ToString());
        }

        var warnings = manifest.Problems.Length - errors;
        if (errors > 0 || manifest.Spec is null)
        {
            terminal.Error.WriteLine($"{manifest.Path}: {Words.Count(errors, "error")}, {Words.Count(warnings, "warning")}");
            return;
        }

        terminal.Out.WriteLine(
            $"{manifest.Path} is valid: architecture {manifest.Spec.Name}, {Words.Count(manifest.Spec.Services.Count, "service")}"
            + (warnings == 0 ? "" : $", {Words.Count(warnings, "warning")}"));
    }
}
