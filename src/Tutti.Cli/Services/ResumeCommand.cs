using Tutti.Cli.CommandLine;

namespace Tutti.Cli.Services;

internal sealed class ResumeCommand : ServiceChange
{
    public ResumeCommand()
        : base("resume", "Let a failed service try again")
    {
    }

    public override IReadOnlyList<Example> Examples { get; } = [new("tutti resume db", "after the cause is removed")];

    protected override string Accepted(Invocation invocation, string service) => $"{service} is tried again";

    protected override string Already(Invocation invocation, string service) => $"{service} has not failed";
}
