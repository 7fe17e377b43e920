using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Tutti.Model.Agents;

namespace Tutti.Node.Upstreams;

/// <summary>One loopback address of one consumer for one provider.</summary>
internal sealed class UpstreamListener : IAsyncDisposable
{
    private const int Backlog = 512;

    /// <summary>How long connecting to one endpoint may take before the next one is tried.</summary>
    private static readonly TimeSpan _connectTimeout = TimeSpan.FromSeconds(2);

    /// <summary>How long to wait when the machine has no descriptors left.</summary>
    private static readonly TimeSpan _exhausted = TimeSpan.FromMilliseconds(50);

    private readonly Socket _listener;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _closed = new();
    private readonly TrafficCounters _counters = new();
    private readonly Task _accepting;
    private ImmutableArray<Target> _targets = [];

    /// <summary>Takes over a socket that is bound.</summary>
    public UpstreamListener(Socket listener, string consumer, UpstreamAssignment upstream, TimeProvider time)
    {
        (_listener, Consumer, Upstream, _time) = (listener, consumer, upstream, time);
        listener.Listen(Backlog);
        Port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        _accepting = AcceptAsync();
    }

    public string Consumer { get; }

    public UpstreamAssignment Upstream { get; }

    public int Port { get; }

    public UpstreamTraffic Traffic => _counters.Read(Consumer, Upstream.Service);

    /// <summary>New connections go to one of these.</summary>
    public void LeadTo(ImmutableArray<Target> targets) => ImmutableInterlocked.InterlockedExchange(ref _targets, targets);

    /// <summary>Stops listening at once and ends every connection.</summary>
    public void Close()
    {
        _listener.Dispose();
        _closed.Cancel();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Close();
        await _accepting.ConfigureAwait(false);
    }

    private async Task AcceptAsync()
    {
        while (!_closed.IsCancellationRequested)
        {
            try
            {
                var consumer = await _listener.AcceptAsync(_closed.Token).ConfigureAwait(false);
                _ = ServeAsync(consumer);
            }
            catch (Exception e) when (e is ObjectDisposedException or OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // A connection that was reset before it was taken, or no descriptors left: neither ends the listener.
                await Task.Delay(_exhausted, _time).ConfigureAwait(false);
            }
        }
    }

    private async Task ServeAsync(Socket consumer)
    {
        try
        {
            consumer.NoDelay = true;
            var (target, provider) = await ConnectAsync().ConfigureAwait(false);
            if (target is null || provider is null)
            {
                _counters.Refused();
                Forwarding.Abort(consumer);
                return;
            }

            _counters.Opened();
            try
            {
                using (provider)
                {
                    await Forwarding.RunAsync(consumer, provider, _counters, _closed.Token).ConfigureAwait(false);
                }
            }
            finally
            {
                target.Leave();
                _counters.Closed();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Forwarding.Abort(consumer); // It broke before anything was forwarded; the consumer sees that.
        }
        finally
        {
            consumer.Dispose();
        }
    }

    /// <summary>Tries the targets from the least busy on; the one that answers is entered.</summary>
    private async Task<(Target? Target, Socket? Provider)> ConnectAsync()
    {
        var untried = _targets.ToList();
        while (untried.Count > 0 && !_closed.IsCancellationRequested)
        {
            var target = LeastBusy(untried);
            untried.Remove(target);
            target.Enter();
            var provider = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            using var limited = new CancellationTokenSource(_connectTimeout, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limited.Token, _closed.Token);
            try
            {
                await provider.ConnectAsync(target.Host, target.Port, either.Token).ConfigureAwait(false);
                return (target, provider);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                target.Leave(); // Nothing was sent yet, so the next one can serve this connection as well.
                provider.Dispose();
            }
        }

        return (null, null);
    }

    /// <summary>Fewest open connections; among equals one at random, so that many consumers do not choose the same.</summary>
    private static Target LeastBusy(List<Target> targets)
    {
        var (best, fewest, equals) = (targets[0], int.MaxValue, 0);
        foreach (var target in targets)
        {
            var open = target.Open;
            if (open < fewest)
            {
                (best, fewest, equals) = (target, open, 1);
            }
            else if (open == fewest && Random.Shared.Next(++equals) == 0)
            {
                best = target;
            }
        }

        return best;
    }
}
