using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Tutti.Model.Agents;
using Tutti.Node.Protocol;

namespace Tutti.Node.Agent;

/// <summary>Makes the agent known and tells the server what runs: at once when something changed, all of it at every heartbeat.
/// The only loop that sends reports, so that they leave in order.</summary>
internal sealed partial class ReportLoop(AgentContext agent, NodeRegistration registration, InstanceTable table, PetLease lease, TrafficNews news)
{
    private static readonly TimeSpan _measureEvery = TimeSpan.FromSeconds(5);

    private readonly Backoff _backoff = new(Random.Shared, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(2));
    private TimeSpan _heartbeat = TimeSpan.FromSeconds(2);
    private bool _troubled;
    private long _sequence;
    private long _completeSent;
    private long? _measured;

    /// <summary>Registers once.</summary>
    /// <exception cref="AgentStartException">The server refuses this agent for good, or belongs to another cluster.</exception>
    /// <exception cref="ServerUnreachableException">It cannot be asked now.</exception>
    /// <exception cref="ServerRefusedException">It refuses for a reason that may pass.</exception>
    public async Task RegisterAsync(CancellationToken cancellation)
    {
        RegistrationReply reply;
        try
        {
            reply = await agent.Client.RegisterAsync(registration with { ClusterId = agent.Journal.ClusterId, Agent = agent.Journal.Id }, cancellation);
        }
        catch (ServerRefusedException e) when (agent.FatalOf(e) is { } fatal)
        {
            throw fatal;
        }

        if (agent.Journal.ClusterId is { } ours && ours != reply.ClusterId)
        {
            throw new AgentStartException(
                $"the server belongs to the cluster {reply.ClusterId}, but this agent's data folder {agent.Folder.Root} holds instances of the cluster {ours}; "
                + "nothing was touched; join the right server, or give another folder");
        }

        agent.Journal.Join(reply.ClusterId);
        lease.SetLength(reply.Lease);
        _heartbeat = reply.Heartbeat;
        agent.Link.Registered = true;
    }

    /// <summary>Goes on until cancelled.</summary>
    /// <exception cref="AgentStartException">The server refuses this agent for good.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                if (await TurnAsync(cancellation))
                {
                    continue;
                }

                Trouble("it does not know this agent");
            }
            catch (ServerUnreachableException e)
            {
                Trouble(e.Message);
            }
            catch (ServerRefusedException e)
            {
                Trouble(agent.FatalOf(e) is { } fatal ? throw fatal : e.Message);
            }

            agent.Link.Lost();
            await Task.Delay(_backoff.Next(), agent.Time, cancellation);
        }
    }

    private async Task<bool> TurnAsync(CancellationToken cancellation)
    {
        if (!agent.Link.Registered)
        {
            await RegisterAsync(cancellation);
        }

        var now = agent.Time.GetTimestamp();
        var complete = !agent.Link.Known || agent.Time.GetElapsedTime(_completeSent, now) >= _heartbeat;
        if (complete && (_measured is not { } last || agent.Time.GetElapsedTime(last, now) >= _measureEvery))
        {
            _measured = now;
            table.Measure();
        }

        var (instances, used) = table.Report(complete);
        if (complete || !instances.IsEmpty)
        {
            if (!await SendAsync(complete, instances, used, cancellation))
            {
                return false;
            }
        }

        await agent.Wake.WaitAsync(_heartbeat - agent.Time.GetElapsedTime(_completeSent), cancellation);
        return true;
    }

    private async Task<bool> SendAsync(bool complete, ImmutableArray<InstanceReport> instances, NodeCapacity? used, CancellationToken cancellation)
    {
        var sent = agent.Time.GetTimestamp();
        var traffic = complete ? news.Next(anew: !agent.Link.Known) : [];
        var report = new NodeReport
        {
            Session = agent.Session,
            Sequence = ++_sequence,
            Complete = complete,
            Instances = instances,
            Used = used,
            Traffic = traffic,
        };
        if (!(await agent.Client.ReportAsync(agent.Name, report, cancellation)).Known)
        {
            return false;
        }

        news.Taken(traffic);
        lease.Renew(sent, keep: table.HasPets);
        _completeSent = complete ? sent : _completeSent;
        _backoff.Reset();
        if (_troubled)
        {
            _troubled = false;
            Log.WellAgain(agent.Logger);
        }

        agent.Link.Found();
        return true;
    }

    private void Trouble(string problem)
    {
        if (!_troubled)
        {
            _troubled = true;
            Log.Troubled(agent.Logger, problem);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1001, LogLevel.Warning, "The server takes no reports ({Problem}); trying again, instances run on")]
        public static partial void Troubled(ILogger logger, string problem);

        [LoggerMessage(1002, LogLevel.Information, "The server takes reports again")]
        public static partial void WellAgain(ILogger logger);
    }
}
