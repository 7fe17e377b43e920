using Microsoft.Extensions.Logging;
using Tutti.Node.Artifacts;
using Tutti.Node.Logs;
using Tutti.Node.Ports;
using Tutti.Node.Probes;
using Tutti.Node.Protocol;
using Tutti.Node.Runtimes;
using Tutti.Node.Upstreams;
using Tutti.Node.Upstreams.Routing;

namespace Tutti.Node.Agent;

/// <summary>What an agent works with.</summary>
internal sealed record AgentParts : IAsyncDisposable
{
    /// <summary>Starts instances.</summary>
    public required IRuntime Runtime { get; init; }

    /// <summary>Probes them.</summary>
    public required IProber Prober { get; init; }

    /// <summary>What they run.</summary>
    public required IArtifactCache Artifacts { get; init; }

    /// <summary>What they say.</summary>
    public required IInstanceLogs Logs { get; init; }

    /// <summary>Where they listen.</summary>
    public required IPortAllocator Ports { get; init; }

    /// <summary>What they call.</summary>
    public required IUpstreams Upstreams { get; init; }

    /// <summary>The parts of a real agent.</summary>
    /// <exception cref="AgentStartException">One of them cannot be made: a folder that is not writable, a port range that is none.</exception>
    public static AgentParts Create(AgentOptions options, AgentFolder folder, IServerClient client, TimeProvider time)
    {
        try
        {
            var ports = new PortAllocator(options.Ports.First, options.Ports.Last);
            return new AgentParts
            {
                Runtime = CreateRuntime(time),
                Prober = new Prober(),
                Artifacts = new ArtifactCache(folder.Artifacts, client.DownloadAsync, time),
                Logs = new InstanceLogs(folder.Logs, time),
                Ports = ports,
                Upstreams = new UpstreamListeners(
                    ports, options.RouteAnyVersion ? new PortChooser() : new VersionChooser(), options.Logging.CreateLogger("Tutti.Node")),
            };
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new AgentStartException($"{options.Ports.First} to {options.Ports.Last} is not a range of ports; give two numbers from 1 to 65535, the smaller first", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AgentStartException($"the data folder {folder.Root} cannot be used: {e.Message}; make it writable, or give another folder", e);
        }
    }

    /// <summary>The runtime alone, for stopping what a killed agent left.</summary>
    public static IRuntime CreateRuntime(TimeProvider time) => new ProcessRuntime(time);

    /// <summary>Closes what holds sockets, files and timers.</summary>
    public async ValueTask DisposeAsync()
    {
        await Upstreams.DisposeAsync();
        (Logs as IDisposable)?.Dispose();
        (Prober as IDisposable)?.Dispose();
    }
}
