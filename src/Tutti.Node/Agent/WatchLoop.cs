using Microsoft.Extensions.Logging;
using Tutti.Node.Protocol;

namespace Tutti.Node.Agent;

/// <summary>Takes the assignments of this node from the server and hands them on; resumes where it was cut off.</summary>
internal sealed partial class WatchLoop(AgentContext agent, InstanceTable table, EndpointWatches endpoints, LogStreams logs)
{
    private readonly Backoff _backoff = new(Random.Shared, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(2));
    private long? _after;

    /// <summary>Goes on until cancelled.</summary>
    /// <exception cref="AgentStartException">The server refuses this agent for good.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await agent.Link.WaitAsync(cancellation);
            try
            {
                await FollowAsync(cancellation);
            }
            catch (ServerUnreachableException e)
            {
                Log.Broken(agent.Logger, e.Message);
                agent.Link.Lost();
            }
            catch (ServerRefusedException e)
            {
                if (agent.FatalOf(e) is { } fatal)
                {
                    throw fatal;
                }

                // It does not know the session, or what we resume from: from the beginning.
                Log.Broken(agent.Logger, e.Message);
                _after = null;
                agent.Link.Lost();
            }

            await Task.Delay(_backoff.Next(), agent.Time, cancellation);
        }
    }

    private async Task FollowAsync(CancellationToken cancellation)
    {
        await foreach (var said in agent.Client.WatchAssignmentsAsync(agent.Name, agent.Session, _after, cancellation))
        {
            table.Apply(said);
            _after = said.Revision;
            endpoints.Follow(table.Consuming);
            foreach (var request in said.Logs)
            {
                logs.Serve(request);
            }

            _backoff.Reset();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1003, LogLevel.Debug, "The watch of assignments broke: {Problem}")]
        public static partial void Broken(ILogger logger, string problem);
    }
}
