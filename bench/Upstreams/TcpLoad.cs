using System.Net;
using System.Net.Sockets;

namespace Tutti.Bench.Upstreams;

/// <summary>Sends as much as it can.</summary>
internal static class TcpLoad
{
    private const int Piece = 256 * 1024;

    /// <summary>How many bytes went.</summary>
    public static double Run(int port, int connections, TimeSpan duration)
    {
        long sent = 0;
        var threads = Enumerable.Range(0, connections).Select(_ => new Thread(() =>
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            socket.Connect(IPAddress.Loopback, port);
            var piece = new byte[Piece];
            var until = Environment.TickCount64 + (long)duration.TotalMilliseconds;
            while (Environment.TickCount64 < until)
            {
                Interlocked.Add(ref sent, socket.Send(piece));
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        return sent;
    }
}
