using Microsoft.Extensions.Logging;
using Tutti.Node.Protocol;

namespace Tutti.Node.Agent;

/// <summary>What the loops of one agent share.</summary>
internal sealed record AgentContext
{
    /// <summary>The node's name.</summary>
    public required string Name { get; init; }

    /// <summary>Random, new for every start.</summary>
    public required string Session { get; init; }

    /// <summary>The server.</summary>
    public required IServerClient Client { get; init; }

    /// <summary>Whether it knows us.</summary>
    public required ServerLink Link { get; init; }

    /// <summary>Wakes the report loop.</summary>
    public required Wake Wake { get; init; }

    /// <summary>What is remembered.</summary>
    public required Journal Journal { get; init; }

    /// <summary>The data folder.</summary>
    public required AgentFolder Folder { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Where the agent says what it cannot report.</summary>
    public required ILogger Logger { get; init; }

    /// <summary>The error that ends the agent, where a refusal is one; null where trying again may help.</summary>
    public AgentStartException? FatalOf(ServerRefusedException refusal) => refusal switch
    {
        { TokenRefused: true } => new AgentStartException(
            $"the server does not accept this agent's token: {refusal.Message}; the right one is in the file 'token' of the server's data folder", refusal),
        { Type: "tutti:wrong-cluster" } => new AgentStartException(
            $"{refusal.Message} (this agent's data folder is {Folder.Root}); join the right server, or give another folder", refusal),
        { Type: "tutti:name-taken" } => new AgentStartException($"{refusal.Message} (this agent's data folder is {Folder.Root})", refusal),
        _ => null,
    };
}
