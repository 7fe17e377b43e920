using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Tutti.Model.Agents;
using Tutti.Model.Manifest;
using Tutti.Node.Runtimes;
using Tutti.Node.Upstreams.Http;
using Tutti.Node.Upstreams.Loops;
using Tutti.Node.Upstreams.Routing;
using Tutti.Node.Upstreams.Traffic;

namespace Tutti.Node.Upstreams;

/// <summary>One loopback address of one consumer for one provider.</summary>
internal sealed partial class UpstreamListener : IPollable
{
    /// <summary>How long connecting to one endpoint may take before the next one is tried.</summary>
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    private const int Backlog = 512;

    /// <summary>So many connections are taken before others have their turn.</summary>
    private const int AcceptsPerTurn = 64;

    /// <summary>How long to wait when the machine has no descriptors left.</summary>
    private static readonly TimeSpan _exhausted = TimeSpan.FromMilliseconds(50);

    /// <summary>How long a call waits for the first word of discovery, and how often it looks.</summary>
    private static readonly TimeSpan _unknownFor = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _lookEvery = TimeSpan.FromMilliseconds(10);

    private readonly Socket _socket;
    private readonly int _descriptor;
    private readonly LoopGroup _loops;
    private readonly EventLoop _home;
    private readonly TrafficBook _book;
    private readonly ILogger _logger;
    private readonly HashSet<LoopSocket>[] _open = [.. Enumerable.Range(0, LoopGroup.Most).Select(_ => new HashSet<LoopSocket>())];
    private volatile Route _route;
    private long _key;
    private bool _closed;

    /// <summary>Takes over a socket that is bound.</summary>
    public UpstreamListener(Socket socket, Consumer consumer, UpstreamAssignment upstream, LoopGroup loops, ILogger logger)
    {
        (_socket, Consumer, Upstream, _loops, _logger) = (socket, consumer, upstream, loops, logger);
        _book = new TrafficBook(consumer.Instance, upstream.Service);
        _route = Route.To([], known: false, NoProvider.Explain(consumer, upstream, known: false, []), null);
        socket.Listen(Backlog);
        socket.Blocking = false;
        Port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        _descriptor = (int)socket.Handle;
        _home = loops.Next();
        _home.Post(Listen);
    }

    public Consumer Consumer { get; }

    public UpstreamAssignment Upstream { get; }

    public int Port { get; }

    /// <summary>Where it leads now.</summary>
    public Route Route => _route;

    /// <summary>What is counted.</summary>
    public TrafficBook Book => _book;

    /// <summary>Counts calls for which there was no provider.</summary>
    public TrafficCounters Nobody => _book.Nobody;

    /// <summary>New requests and connections go there.</summary>
    public void LeadTo(Route route) => _route = route;

    /// <summary>The route, once discovery has said something, or after waiting for that in vain.</summary>
    public async ValueTask<Route> RouteAsync(EventLoop loop)
    {
        for (var waited = TimeSpan.Zero; !_route.Known && waited < _unknownFor; waited += _lookEvery)
        {
            await loop.Delay(_lookEvery);
        }

        return _route;
    }

    /// <summary>What a request without a Host is given.</summary>
    public string ProviderHost(Target target) => $"{target.Host}:{target.Port}";

    /// <summary>Closed with the listener. On the socket's loop only.</summary>
    public void Opened(LoopSocket socket) => _open[socket.Loop.Index].Add(socket);

    /// <summary>No longer minded. On the socket's loop only.</summary>
    public void Ended(LoopSocket socket) => _open[socket.Loop.Index].Remove(socket);

    /// <summary>Stops listening at once and ends every connection. Not from a loop.</summary>
    public void Close()
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _home.Post(() =>
        {
            Unlisten();
            closed.SetResult();
        });
        closed.Task.Wait();
        foreach (var loop in _loops.All)
        {
            loop.Post(() => EndAll(loop));
        }
    }

    void IPollable.OnEvents(uint events)
    {
        for (var i = 0; i < AcceptsPerTurn; i++)
        {
            var descriptor = SocketCalls.Accept(_descriptor);
            if (descriptor >= 0)
            {
                Deal(descriptor);
            }
            else if (Marshal.GetLastPInvokeError() == SocketCalls.Again)
            {
                return;
            }
            else if (Marshal.GetLastPInvokeError() is SocketCalls.TooManyFiles or SocketCalls.TooManyFilesOfAll)
            {
                _home.Remove(_key, _descriptor);
                _key = 0;
                _home.After(_exhausted, Listen);
                return;
            }
        }
    }

    private void Listen()
    {
        if (_closed || _key != 0)
        {
            return;
        }

        try
        {
            _key = _home.Add(_descriptor, Libc.EpollIn, this);
        }
        catch (IOException)
        {
            _home.After(_exhausted, Listen); // The kernel watches no more sockets; connections wait in the backlog until it does.
        }
    }

    private void Unlisten()
    {
        if (!_closed)
        {
            _closed = true;
            if (_key != 0)
            {
                _home.Remove(_key, _descriptor);
            }

            _socket.Dispose();
        }
    }

    private void Deal(int descriptor)
    {
        var loop = _loops.LeastBusy(_home);
        if (loop == _home)
        {
            _ = ServeAsync(loop, descriptor);
        }
        else
        {
            loop.Post(() => _ = ServeAsync(loop, descriptor));
        }
    }

    private async Task ServeAsync(EventLoop loop, int descriptor)
    {
        LoopSocket consumer;
        try
        {
            consumer = LoopSocket.Accepted(loop, descriptor);
        }
        catch (IOException)
        {
            return; // The kernel would watch no more sockets; the connection is closed, which its consumer sees.
        }

        Opened(consumer);
        try
        {
            await (Upstream.Protocol == PortProtocol.Http ? new HttpConnection(this, consumer).RunAsync() : new Tunnel(this, consumer, new ByteWindow(loop)).RunAsync());
        }
        catch (Exception e)
        {
            // A mistake of ours: it costs this connection, and others go on.
            Log.Unexpected(_logger, e, Consumer.Instance, Upstream.Service);
        }
        finally
        {
            consumer.Close(reset: true);
            Ended(consumer);
        }
    }

    private void EndAll(EventLoop loop)
    {
        foreach (var socket in _open[loop.Index].ToArray())
        {
            socket.Watcher?.OnSocket(socket, hungUp: true); // What waits for a provider's answer ends with it.
            socket.Close(reset: true);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1201, LogLevel.Error, "A connection of {Consumer} to {Provider} was given up")]
        public static partial void Unexpected(ILogger logger, Exception e, string consumer, string provider);
    }
}
