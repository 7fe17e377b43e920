using Tutti.Node.Agent;
using Tutti.Server;

namespace Tutti.Cli.Serving;

/// <summary>Starts servers and agents. In this process in earnest, by canned documents in tests.</summary>
internal interface IServing
{
    Task<IRunningServer> StartServerAsync(ServerOptions options, CancellationToken cancellation);

    Task<IRunningAgent> StartAgentAsync(AgentOptions options, CancellationToken cancellation);

    /// <summary>Without a server: stops everything that an agent's folder says may still run, at once or with the grace of its manifest; returns how many were stopped.</summary>
    Task<int> StopAllAsync(string agentFolder, bool atOnce, CancellationToken cancellation);
}

/// <summary>A server that runs.</summary>
internal interface IRunningServer : IAsyncDisposable
{
    string Url { get; }

    string? Dns { get; }

    string Token { get; }

    Task Completion { get; }
}

/// <summary>An agent that runs.</summary>
internal interface IRunningAgent : IAsyncDisposable
{
    string Name { get; }

    Task Completion { get; }
}
