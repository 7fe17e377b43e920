using Tutti.Node.Upstreams.Loops;

namespace Tutti.Node.Upstreams.Http;

/// <summary>Connections to one provider that rest on one loop until the next request; used on that loop only.</summary>
internal sealed class IdleConnections : ISocketWatcher
{
    /// <summary>More are closed instead of kept.</summary>
    public const int Most = 256;

    /// <summary>Closed after resting this long, give or take half.</summary>
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(30);

    private readonly List<LoopSocket> _sockets = [];
    private int _fewest;
    private bool _sweeping;

    /// <summary>The one that rested the shortest; null: none.</summary>
    public LoopSocket? Take()
    {
        if (_sockets.Count == 0)
        {
            return null;
        }

        var socket = _sockets[^1];
        _sockets.RemoveAt(_sockets.Count - 1);
        _fewest = Math.Min(_fewest, _sockets.Count);
        socket.Watcher = null;
        return socket;
    }

    /// <summary>Lays one to rest.</summary>
    public void Keep(LoopSocket socket)
    {
        if (_sockets.Count == Most)
        {
            socket.Close();
            return;
        }

        socket.Watcher = this;
        _sockets.Add(socket);
        if (!_sweeping)
        {
            _sweeping = true;
            _fewest = 0;
            socket.Loop.After(_longest, () => Sweep(socket.Loop));
        }
    }

    /// <summary>Closes all: the provider has left.</summary>
    public void Clear()
    {
        foreach (var socket in _sockets)
        {
            socket.Close();
        }

        _sockets.Clear();
    }

    /// <summary>The provider ended one, or said something that nobody asked for: no request may be sent on it.</summary>
    void ISocketWatcher.OnSocket(LoopSocket socket, bool hungUp)
    {
        _sockets.Remove(socket);
        socket.Close();
    }

    /// <summary>What was not needed since the last time is at the bottom.</summary>
    private void Sweep(EventLoop loop)
    {
        var unused = Math.Min(_fewest, _sockets.Count);
        for (var i = 0; i < unused; i++)
        {
            _sockets[i].Close();
        }

        _sockets.RemoveRange(0, unused);
        _fewest = _sockets.Count;
        _sweeping = _sockets.Count > 0;
        if (_sweeping)
        {
            loop.After(_longest, () => Sweep(loop));
        }
    }
}
