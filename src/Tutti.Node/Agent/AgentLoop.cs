using System.Reflection;
using Microsoft.Extensions.Logging;
using Tutti.Model.Agents;
using Tutti.Node.Instances;
using Tutti.Node.Probes;

namespace Tutti.Node.Agent;

/// <summary>The agent at work: its instances, and the loops that report, watch and mind the lease.</summary>
internal sealed partial class AgentLoop : IAsyncDisposable
{
    private readonly AgentContext _agent;
    private readonly AgentParts _parts;
    private readonly PetLease _lease;
    private readonly InstanceTable _table;
    private readonly ReportLoop _reports;
    private readonly WatchLoop _watch;
    private readonly EndpointWatches _endpoints;
    private readonly LogStreams _logs;
    private readonly ArtifactCleaning _cleaning;

    public AgentLoop(AgentContext agent, AgentOptions options, AgentParts parts)
    {
        (_agent, _parts) = (agent, parts);
        _lease = new PetLease(Path.Combine(agent.Folder.Root, "lease"), LaunchMarks.BootId(), agent.Time);
        _table = new InstanceTable(
            new InstanceParts
            {
                Node = agent.Name,
                DataFolder = agent.Folder.Root,
                Runtime = parts.Runtime,
                Prober = parts.Prober,
                Beats = new Beats(agent.Time),
                Artifacts = parts.Artifacts,
                Logs = parts.Logs,
                Ports = parts.Ports,
                Upstreams = parts.Upstreams,
                Journal = agent.Journal,
                LeaseHeld = () => _lease.Held,
                Secret = new SecretFiles(agent.Folder.Secrets).Find,
                Time = agent.Time,
                Logger = agent.Logger,
            },
            agent.Wake.Set);
        _endpoints = new EndpointWatches(agent, parts.Upstreams);
        _logs = new LogStreams(agent, _table, parts.Logs);
        _watch = new WatchLoop(agent, _table, _endpoints, _logs);
        _cleaning = new ArtifactCleaning(agent, _table, parts.Artifacts);
        _reports = new ReportLoop(agent, Registration(agent, options), _table, _lease, new TrafficNews(parts.Upstreams.Traffic));
    }

    /// <summary>Registers once; see <see cref="ReportLoop.RegisterAsync"/>.</summary>
    public Task RegisterAsync(CancellationToken cancellation) => _reports.RegisterAsync(cancellation);

    /// <summary>Takes over what an earlier agent left.</summary>
    public async Task AdoptAsync(CancellationToken cancellation)
    {
        var survey = await Survey.TakeAsync(_agent.Journal, _parts.Runtime, _parts.Logs.FileOf, _agent.Folder.Root, _agent.Time, cancellation);
        foreach (var (entry, running) in survey)
        {
            _table.Adopt(entry, running);
        }

        _endpoints.Follow(_table.Consuming);
    }

    /// <summary>Goes on until cancelled, or until one of the loops cannot. Then the lease of the pets can never be renewed again, so they are stopped
    /// when it runs out; cattle run on.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var talking = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var minding = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var lease = _lease.WatchAsync(_table.StopPets, minding.Token);
        Task[] loops = [_reports.RunAsync(talking.Token), _watch.RunAsync(talking.Token), _cleaning.RunAsync(talking.Token)];
        var first = await Task.WhenAny([.. loops, lease]);
        await talking.CancelAsync();
        await Task.WhenAll(loops).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!cancellation.IsCancellationRequested && first != lease)
        {
            Log.Ending(_agent.Logger, first.Exception?.InnerException?.Message ?? "it stopped");
            await _table.NoPetRunsAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await minding.CancelAsync();
        await lease.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!cancellation.IsCancellationRequested)
        {
            await first;
        }
    }

    /// <summary>Lets go of the instances, which run on.</summary>
    public async ValueTask DisposeAsync()
    {
        await _endpoints.DisposeAsync();
        await _logs.DisposeAsync();
        await _table.DisposeAsync();
    }

    private static NodeRegistration Registration(AgentContext agent, AgentOptions options) => new()
    {
        Name = agent.Name,
        Session = agent.Session,
        Address = options.Address,
        Labels = options.Labels,
        Capacity = options.Capacity ?? new CapacityDetection().Detect(),
        AgentVersion = typeof(AgentLoop).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion,
    };

    private static partial class Log
    {
        [LoggerMessage(1007, LogLevel.Error, "The agent ends: {Problem}")]
        public static partial void Ending(ILogger logger, string problem);
    }
}
