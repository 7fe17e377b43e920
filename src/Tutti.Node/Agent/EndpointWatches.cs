using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Tutti.Node.Protocol;
using Tutti.Node.Upstreams;

namespace Tutti.Node.Agent;

/// <summary>Follows discovery for the architectures whose instances here call others. While the server is away, upstreams lead where they led.</summary>
internal sealed partial class EndpointWatches(AgentContext agent, IUpstreams upstreams) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (CancellationTokenSource Stop, Task Task)> _watches = new(StringComparer.Ordinal);
    private bool _closed;

    /// <summary>Watches these and no others.</summary>
    public void Follow(ImmutableSortedSet<string> architectures)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            foreach (var gone in _watches.Keys.Where(a => !architectures.Contains(a)).ToArray())
            {
                _watches.Remove(gone, out var watch);
                watch.Stop.Cancel();
                upstreams.Forget(gone);
            }

            foreach (var added in architectures.Where(a => !_watches.ContainsKey(a)))
            {
                var stop = new CancellationTokenSource();
                _watches[added] = (stop, Task.Run(() => WatchAsync(added, stop.Token)));
            }
        }
    }

    /// <summary>Ends all of them.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] ending;
        lock (_gate)
        {
            _closed = true;
            foreach (var watch in _watches.Values)
            {
                watch.Stop.Cancel();
            }

            ending = [.. _watches.Values.Select(w => w.Task)];
            _watches.Clear();
        }

        await Task.WhenAll(ending);
    }

    private async Task WatchAsync(string architecture, CancellationToken cancellation)
    {
        var backoff = new Backoff(Random.Shared, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(2));
        long? after = null;
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await foreach (var endpoints in agent.Client.WatchEndpointsAsync(architecture, after, cancellation))
                {
                    upstreams.Apply(endpoints);
                    after = endpoints.Revision > after ? endpoints.Revision : after ?? endpoints.Revision;
                    backoff.Reset();
                }
            }
            catch (ServerUnreachableException e)
            {
                Log.Broken(agent.Logger, architecture, e.Message);
            }
            catch (ServerRefusedException e)
            {
                // What we resume from may be gone; a refused token ends the agent by way of its reports.
                Log.Broken(agent.Logger, architecture, e.Message);
                after = null;
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(backoff.Next(), agent.Time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1004, LogLevel.Debug, "The watch of the endpoints of {Architecture} broke: {Problem}")]
        public static partial void Broken(ILogger logger, string architecture, string problem);
    }
}
