using System.Net.Sockets;
using System.Text;
using Tutti.Node.Tests.Runtimes;

namespace Tutti.Node.Tests.Upstreams.Http;

/// <summary>One side of a connection, byte by byte as the test says.</summary>
internal sealed class RawConnection(Socket socket) : IDisposable
{
    private readonly NetworkStream _stream = new(socket, ownsSocket: true);
    private readonly List<byte> _ahead = [];

    public static async Task<RawConnection> ToAsync(int port)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(System.Net.IPAddress.Loopback, port).Soon();
        return new RawConnection(socket);
    }

    public Task Send(string text) => _stream.WriteAsync(Encoding.Latin1.GetBytes(text)).AsTask().Soon();

    public ValueTask Send(ReadOnlyMemory<byte> bytes) => _stream.WriteAsync(bytes);

    public void EndSending() => socket.Shutdown(SocketShutdown.Send);

    public void Break()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    /// <summary>Up to and with the empty line; null: it ended before.</summary>
    public async Task<string?> Head()
    {
        while (true)
        {
            var text = Encoding.Latin1.GetString([.. _ahead]);
            if (text.IndexOf("\r\n\r\n", StringComparison.Ordinal) is >= 0 and var end)
            {
                _ahead.RemoveRange(0, end + 4);
                return text[..(end + 4)];
            }

            if (!await More())
            {
                return null;
            }
        }
    }

    public async Task<string> Read(int count)
    {
        while (_ahead.Count < count)
        {
            Assert.True(await More(), $"it ended after {_ahead.Count} of {count} bytes");
        }

        var text = Encoding.Latin1.GetString([.. _ahead[..count]]);
        _ahead.RemoveRange(0, count);
        return text;
    }

    /// <summary>Reads until exactly this has come.</summary>
    public async Task Expect(string text) => Assert.Equal(text, await Read(text.Length));

    /// <summary>Everything up to the end, or to where it broke.</summary>
    public async Task<string> Rest()
    {
        while (await More())
        {
        }

        return await Read(_ahead.Count);
    }

    /// <summary>Receives into the buffer, past what was read ahead.</summary>
    public async Task<int> Receive(Memory<byte> into)
    {
        if (_ahead.Count > 0)
        {
            var count = Math.Min(into.Length, _ahead.Count);
            _ahead.GetRange(0, count).ToArray().CopyTo(into);
            _ahead.RemoveRange(0, count);
            return count;
        }

        return await _stream.ReadAsync(into).AsTask().Soon();
    }

    /// <summary>A status and, by its Content-Length, a body.</summary>
    public async Task<(int Status, string Head, string Body)> Answer()
    {
        var head = await Head() ?? throw new IOException("there is no answer");
        var at = head.IndexOf("Content-Length: ", StringComparison.OrdinalIgnoreCase);
        var length = at < 0 ? 0 : int.Parse(head[(at + 16)..head.IndexOf('\r', at)], System.Globalization.CultureInfo.InvariantCulture);
        return (int.Parse(head[9..12], System.Globalization.CultureInfo.InvariantCulture), head, await Read(length));
    }

    public async Task<(int Status, string Head, string Body)> Ask(string request)
    {
        await Send(request);
        return await Answer();
    }

    public Task<(int Status, string Head, string Body)> Get(string path = "/") => Ask($"GET {path} HTTP/1.1\r\nHost: cart\r\n\r\n");

    public void Dispose() => _stream.Dispose();

    private async Task<bool> More()
    {
        var buffer = new byte[64 * 1024];
        int count;
        try
        {
            count = await _stream.ReadAsync(buffer).AsTask().Soon();
        }
        catch (IOException)
        {
            return false; // Broken, which is an end too.
        }

        _ahead.AddRange(buffer.AsSpan(0, count));
        return count > 0;
    }
}
