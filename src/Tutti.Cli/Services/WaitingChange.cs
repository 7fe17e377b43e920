using System.CommandLine;
using Tutti.Cli.Client;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Operations;
using Tutti.Server.Api;

namespace Tutti.Cli.Services;

/// <summary>A change of one service that takes its time, and that <c>--wait</c> waits for.</summary>
internal abstract class WaitingChange : ServiceChange
{
    private readonly Option<bool> _wait = SharedOptions.Wait();

    protected WaitingChange(string verb, string description)
        : base(verb, description) => Add(_wait);

    protected override Task<int>? WaitAsync(Invocation invocation, ApiClient api, ChangeDocument change, string architecture, string service, CancellationToken cancellation) =>
        invocation.Get(_wait) ? WaitAsync(invocation, new SetWait(api, invocation.Terminal, architecture, change.Set ?? 0, service), service, cancellation) : null;

    private static async Task<int> WaitAsync(Invocation invocation, SetWait wait, string service, CancellationToken cancellation)
    {
        var outcome = await ProgressView.ShowAsync(invocation.Terminal, wait, cancellation);
        foreach (var reason in outcome.Reasons)
        {
            invocation.Terminal.Error.WriteLine(reason);
        }

        return outcome.Succeeded
            ? Said(invocation, $"{service} runs as asked after {outcome.Took.TotalSeconds:0.0} s")
            : throw CliException.Failed($"{service} does not run as asked; see 'tutti history {service}'");
    }

    private static int Said(Invocation invocation, string line)
    {
        invocation.Terminal.Out.WriteLine(line);
        return ExitCode.Done;
    }
}
