using Tutti.Cli.CommandLine;

namespace Tutti.Cli.Versions;

internal sealed class ReleaseCommand : TuttiCommand
{
    public ReleaseCommand()
        : base("release", "Record releases without deploying them")
        => Add(new ReleaseAddCommand());

    public override IReadOnlyList<Example> Examples { get; } = [new("tutti release add web-1.3.yaml", "record what is in a manifest")];

    public override Task<int> RunAsync(Invocation invocation, CancellationToken cancellation) =>
        throw CliException.BadInput("say what to do with a release: 'tutti release add FILE' records one; 'tutti releases' lists them");
}
