using Tutti.Cli.CommandLine;

namespace Tutti.Cli.Manifest;

internal sealed class SchemaCommand : TuttiCommand
{
    public SchemaCommand()
        : base("schema", "Print the JSON Schema of the manifest, for editors")
    {
    }

    public override IReadOnlyList<Example> Examples { get; } = [new("tutti schema > tutti.schema.json", "then name it in the editor's settings")];

    public override Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        invocation.Terminal.Out.WriteLine(invocation.Rooms.ManifestSchema().TrimEnd());
        return Task.FromResult(ExitCode.Done);
    }
}
