using Tutti.Cli.CommandLine;

namespace Tutti.Cli.Services;

internal sealed class UnpauseCommand : ServiceChange
{
    public UnpauseCommand()
        : base("unpause", "Let a paused service go on")
    {
    }

    public override IReadOnlyList<Example> Examples { get; } = [new("tutti unpause web", "go on with what was held")];

    protected override string Accepted(Invocation invocation, string service) => $"{service} goes on";

    protected override string Already(Invocation invocation, string service) => $"{service} is not paused";
}
