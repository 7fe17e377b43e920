using System.Net;
using System.Net.Sockets;
using Tutti.Model.Versions;
using Tutti.Node.Upstreams.Http;
using Tutti.Node.Upstreams.Loops;

namespace Tutti.Node.Upstreams.Routing;

/// <summary>One endpoint, how much this node has under way to it, and its resting connections.</summary>
internal sealed class Target(string host, int port, ReleaseVersion? version)
{
    private readonly IPEndPoint? _fixed = IPAddress.TryParse(host, out var address) ? new IPEndPoint(address, port) : null;
    private int _open;
    private volatile bool _gone;

    public string Host => host;

    public int Port => port;

    public ReleaseVersion? Version => version;

    /// <summary>Requests under way (HTTP) or connections (TCP), of all consumers of this node.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>It has left discovery: its port may be another's by now, so nothing new goes to it.</summary>
    public bool Gone => _gone;

    /// <summary>Connections that rest, by the index of their loop.</summary>
    public IdleConnections[] Idle { get; } = [.. Enumerable.Range(0, LoopGroup.Most).Select(_ => new IdleConnections())];

    public void Enter() => Interlocked.Increment(ref _open);

    public void Leave() => Interlocked.Decrement(ref _open);

    /// <summary>See <see cref="Gone"/>.</summary>
    public void Leaves() => _gone = true;

    /// <summary>Connects; null where it was refused, took too long, or the endpoint left meanwhile.</summary>
    public async ValueTask<LoopSocket?> ConnectAsync(EventLoop loop, TimeSpan timeout)
    {
        var socket = _fixed is not null
            ? await LoopSocket.ConnectAsync(loop, _fixed, timeout)
            : await ConnectByNameAsync(loop, timeout);
        if (socket is not null && _gone)
        {
            socket.Close();
            return null;
        }

        return socket;
    }

    private async ValueTask<LoopSocket?> ConnectByNameAsync(EventLoop loop, TimeSpan timeout)
    {
        IPAddress[] addresses;
        try
        {
            addresses = await Dns.GetHostAddressesAsync(host).WaitAsync(timeout).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or TimeoutException)
        {
            addresses = []; // An unknown name is like one that refuses.
        }

        await loop.Enter();
        foreach (var found in addresses)
        {
            if (await LoopSocket.ConnectAsync(loop, new IPEndPoint(found, port), timeout) is { } socket)
            {
                return socket;
            }
        }

        return null;
    }
}
