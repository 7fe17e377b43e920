using Tutti.Cli.CommandLine;

namespace Tutti.Cli.Services;

internal sealed class RestartCommand : ServiceChange
{
    public RestartCommand()
        : base("restart", "Replace every instance of a service by one like it, rolling")
    {
    }

    public override IReadOnlyList<Example> Examples { get; } = [new("tutti restart web", "start every instance of web anew, within its update rules")];

    protected override string Accepted(Invocation invocation, string service) => $"{service} is being restarted";

    protected override string Already(Invocation invocation, string service) => $"{service} has nothing to restart";
}
