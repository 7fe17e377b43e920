using System.CommandLine;
using Tutti.Cli.Architectures;
using Tutti.Cli.Client;
using Tutti.Cli.CommandLine;
using Tutti.Server.Api;

namespace Tutti.Cli.Services;

/// <summary>A command that asks one change of one service.</summary>
internal abstract class ServiceChange : TuttiCommand
{
    private readonly string _verb;
    private readonly Argument<string> _service = SharedOptions.Service();
    private readonly Option<string?> _architecture = SharedOptions.Architecture();

    protected ServiceChange(string verb, string description)
        : base(verb, description)
    {
        _verb = verb;
        Add(_service);
        Add(_architecture);
    }

    /// <summary>Body of the request; null: none.</summary>
    protected virtual object? Body(Invocation invocation) => null;

    /// <summary>What is said once it is accepted.</summary>
    protected abstract string Accepted(Invocation invocation, string service);

    /// <summary>What is said when everything was so already.</summary>
    protected abstract string Already(Invocation invocation, string service);

    /// <summary>What is waited for once it is accepted, and the exit code; null: nothing.</summary>
    protected virtual Task<int>? WaitAsync(Invocation invocation, ApiClient api, ChangeDocument change, string architecture, string service, CancellationToken cancellation) => null;

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var service = invocation.Get(_service);
        var body = Body(invocation);
        using var api = invocation.Connect();
        var architecture = await ArchitectureChoice.ResolveAsync(api, invocation.Get(_architecture), cancellation);
        var change = await api.ChangeAsync(Routes.Service(architecture, service, _verb), body, cancellation);
        invocation.Terminal.Out.WriteLine(change.Changed ? Accepted(invocation, service) : Already(invocation, service));
        return WaitAsync(invocation, api, change, architecture, service, cancellation) is { } waiting ? await waiting : ExitCode.Done;
    }
}
