using System.Net;
using System.Net.Sockets;
using Tutti.Node.Upstreams.Loops;
using Tutti.Node.Runtimes;

namespace Tutti.Bench.Upstreams;

/// <summary>The lightest server there can be: every head is answered with 100 bytes; what comes in over TCP is dropped.</summary>
internal sealed class BenchServer
{
    private static readonly byte[] _answer =
        [.. "HTTP/1.1 200 OK\r\nServer: bench\r\nDate: Sun, 22 Nov 2026 12:00:00 GMT\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\n"u8, .. new byte[100]];

    private readonly EventLoop _loop = new(0);

    public BenchServer()
    {
        HttpPort = Listen(AnswerAsync);
        TcpPort = Listen(DropAsync);
    }

    public int HttpPort { get; }

    public int TcpPort { get; }

    private int Listen(Func<LoopSocket, Task> serve)
    {
        var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(512);
        listener.Blocking = false;
        var acceptor = new Acceptor(_loop, listener, serve);
        _loop.Post(() => _loop.Add((int)listener.Handle, Libc.EpollIn, acceptor));
        return ((IPEndPoint)listener.LocalEndPoint!).Port;
    }

    private async Task AnswerAsync(LoopSocket socket)
    {
        while (true)
        {
            await socket.Readable;
            var count = socket.Receive(_loop.Scratch);
            if (count is 0 or LoopSocket.Broken)
            {
                socket.Close();
                return;
            }

            // The load asks again only when it has been answered, and its heads fit a packet.
            if (count > 0 && socket.Send(_answer) == SendOutcome.Kept)
            {
                await socket.Flushed;
            }
        }
    }

    private async Task DropAsync(LoopSocket socket)
    {
        while (true)
        {
            await socket.Readable;
            if (socket.Receive(_loop.Scratch) is 0 or LoopSocket.Broken)
            {
                socket.Close();
                return;
            }
        }
    }

    private sealed class Acceptor(EventLoop loop, Socket listener, Func<LoopSocket, Task> serve) : IPollable
    {
        public void OnEvents(uint events)
        {
            while (SocketCalls.Accept((int)listener.Handle) is >= 0 and var descriptor)
            {
                _ = serve(LoopSocket.Accepted(loop, descriptor));
            }
        }
    }
}
