using System.Buffers;
using System.Net.Sockets;

namespace Tutti.Node.Upstreams;

/// <summary>Carries bytes both ways between two sockets until both directions have ended.</summary>
/// <remarks>An idle connection holds no buffer: one is rented only when there is something to read.</remarks>
internal static class Forwarding
{
    private const int BufferBytes = 64 * 1024;

    /// <summary>Returns when both sides have closed, or one broke. An end of one direction is passed on and leaves the other open.</summary>
    public static async Task RunAsync(Socket consumer, Socket provider, TrafficCounters counters, CancellationToken ct)
    {
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var sending = PumpAsync(consumer, provider, counters, toProvider: true, broken);
        var receiving = PumpAsync(provider, consumer, counters, toProvider: false, broken);
        var whole = await Task.WhenAll(sending, receiving).ConfigureAwait(false);
        if (whole.Contains(false))
        {
            Abort(consumer);
            Abort(provider);
        }
    }

    /// <summary>Closes with a reset, so that the other side sees a broken connection and not an orderly end.</summary>
    public static void Abort(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Closed already, which is what was wanted.
        }

        socket.Dispose();
    }

    private static async Task<bool> PumpAsync(Socket from, Socket to, TrafficCounters counters, bool toProvider, CancellationTokenSource broken)
    {
        try
        {
            while (true)
            {
                await from.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, broken.Token).ConfigureAwait(false);
                var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
                try
                {
                    var count = await from.ReceiveAsync(buffer.AsMemory(), SocketFlags.None, broken.Token).ConfigureAwait(false);
                    if (count == 0)
                    {
                        to.Shutdown(SocketShutdown.Send);
                        return true;
                    }

                    await SendAllAsync(to, buffer.AsMemory(0, count), broken.Token).ConfigureAwait(false);
                    counters.Moved(count, toProvider);
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                }
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            await broken.CancelAsync().ConfigureAwait(false); // One direction broke, so the other has no use.
            return false;
        }
    }

    private static async ValueTask SendAllAsync(Socket to, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await to.SendAsync(bytes, SocketFlags.None, ct).ConfigureAwait(false)..];
        }
    }
}
