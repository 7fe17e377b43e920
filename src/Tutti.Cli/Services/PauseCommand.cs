using Tutti.Cli.CommandLine;

namespace Tutti.Cli.Services;

internal sealed class PauseCommand : ServiceChange
{
    public PauseCommand()
        : base("pause", "Hold a service: no step of an update or scaling is taken, repair goes on")
    {
    }

    public override IReadOnlyList<Example> Examples { get; } = [new("tutti pause web", "stop in the middle of an update")];

    protected override string Accepted(Invocation invocation, string service) => $"{service} is paused; go on with 'tutti unpause {service}'";

    protected override string Already(Invocation invocation, string service) => $"{service} is paused already";
}
