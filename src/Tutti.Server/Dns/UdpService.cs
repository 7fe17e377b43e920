using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Tutti.Server.Dns;

/// <summary>Answers datagrams one after the other; an answer takes microseconds, so what waits is in the socket's bounded buffer.</summary>
internal sealed partial class UdpService(Socket socket, Responder responder, ILogger logger)
{
    private static readonly TimeSpan _pauseAfterFailure = TimeSpan.FromMilliseconds(10);

    /// <summary>Answers until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var buffer = new byte[ushort.MaxValue];
        var writer = new ResponseWriter();
        EndPoint anyone = new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                var received = await socket.ReceiveFromAsync(buffer, SocketFlags.None, anyone, cancellation);
                if (responder.TryAnswer(buffer.AsSpan(0, received.ReceivedBytes), overTcp: false, writer))
                {
                    await socket.SendToAsync(writer.Written, SocketFlags.None, received.RemoteEndPoint, cancellation);
                }
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException failure)
            {
                // An asker that cannot be reached, or the kernel out of memory: the asker asks again, the service goes on.
                Log.Failed(logger, failure.Message);
                await Task.Delay(_pauseAfterFailure, CancellationToken.None);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1204, LogLevel.Debug, "DNS lost a datagram: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
