using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Tutti.Node.Tests.Upstreams;

/// <summary>A provider: greets with its name, sends back what it gets, and ends its side when the other has ended.</summary>
internal sealed class EchoServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<Socket> _open = [];
    private int _accepted;

    public EchoServer(string name)
    {
        Name = name;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = Task.Run(AcceptAsync);
    }

    public string Name { get; }

    public int Port { get; }

    public int Accepted => Volatile.Read(ref _accepted);

    public void Dispose()
    {
        _listener.Dispose();
        foreach (var socket in _open)
        {
            socket.Dispose();
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync();
                Interlocked.Increment(ref _accepted);
                _open.Add(socket);
                _ = Task.Run(() => EchoAsync(socket));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task EchoAsync(Socket socket)
    {
        try
        {
            await using var stream = new NetworkStream(socket);
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(Name));
            var buffer = new byte[64 * 1024];
            while (await stream.ReadAsync(buffer) is > 0 and var read)
            {
                await stream.WriteAsync(buffer.AsMemory(0, read));
            }

            await stream.WriteAsync("."u8.ToArray());
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or SocketException)
        {
            // The other side broke the connection.
        }
    }
}
