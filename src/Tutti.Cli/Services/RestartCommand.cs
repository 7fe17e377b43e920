using Tutti.Cli.CommandLine;

namespace Tutti.Cli.Services;

internal sealed class RestartCommand : WaitingChange
{
    public RestartCommand()
        : base("restart", "Replace every instance of a service by one like it, rolling")
    {
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("tutti restart web", "start every instance of web anew, within its update rules"),
        new("tutti restart web --wait", "return when all of them have been replaced"),
    ];

    protected override string Accepted(Invocation invocation, string service) => $"{service} is being restarted";

    protected override string Already(Invocation invocation, string service) => $"{service} has nothing to restart";
}
