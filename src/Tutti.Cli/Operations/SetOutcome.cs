using Tutti.Cli.CommandLine;
using Tutti.Cli.Output;
using Tutti.Server.Api;

namespace Tutti.Cli.Operations;

/// <summary>How the way to a version set ended.</summary>
/// <param name="Services">The last look.</param>
/// <param name="Reasons">Why it failed; empty: everything runs as asked.</param>
/// <param name="Took">How long it took.</param>
internal sealed record SetOutcome(IReadOnlyList<ServiceDocument> Services, IReadOnlyList<string> Reasons, TimeSpan Took)
{
    public bool Succeeded => Reasons.Count == 0;

    /// <summary>Prints it, and gives the exit code.</summary>
    public int Report(Terminal terminal, string architecture, int set)
    {
        if (Succeeded)
        {
            terminal.Out.WriteLine($"{architecture} runs as asked: {Words.Count(Services.Count, "service")}, version set {set}, after {Took.TotalSeconds:0.0} s");
            return ExitCode.Done;
        }

        foreach (var reason in Reasons)
        {
            terminal.Error.WriteLine(reason);
        }

        terminal.Error.WriteLine($"error: {architecture} does not run as version set {set} says; see 'tutti ps' and 'tutti operations'");
        return ExitCode.Failed;
    }
}
