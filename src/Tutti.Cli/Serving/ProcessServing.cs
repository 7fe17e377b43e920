using Tutti.Cli.CommandLine;
using Tutti.Node.Agent;
using Tutti.Server;

namespace Tutti.Cli.Serving;

/// <summary>Servers and agents in this process.</summary>
internal sealed class ProcessServing : IServing
{
    public async Task<IRunningServer> StartServerAsync(ServerOptions options, CancellationToken cancellation)
    {
        try
        {
            return new RunningServer(await ServerHost.StartAsync(options, cancellation));
        }
        catch (ServerStartException refused)
        {
            throw CliException.Failed(refused.Message);
        }
    }

    public async Task<IRunningAgent> StartAgentAsync(AgentOptions options, CancellationToken cancellation)
    {
        try
        {
            return new RunningAgent(await AgentHost.StartAsync(options, cancellation));
        }
        catch (AgentStartException refused)
        {
            throw CliException.Failed(refused.Message);
        }
    }

    public Task<int> StopAllAsync(string agentFolder, bool atOnce, CancellationToken cancellation) =>
        AgentHost.StopAllAsync(agentFolder, atOnce, cancellation);

    private sealed class RunningServer(ServerHost host) : IRunningServer
    {
        public string Url => host.Url;

        public string? Dns => host.Dns;

        public string Token => host.Token;

        public Task Completion => host.Completion;

        public ValueTask DisposeAsync() => host.DisposeAsync();
    }

    private sealed class RunningAgent(AgentHost host) : IRunningAgent
    {
        public string Name => host.Name;

        public Task Completion => host.Completion;

        public ValueTask DisposeAsync() => host.DisposeAsync();
    }
}
