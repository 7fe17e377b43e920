using System.Net;
using System.Net.Sockets;

namespace Tutti.Node.Tests.Upstreams.Http;

/// <summary>A provider that does on each connection what the test says.</summary>
internal sealed class ScriptedProvider : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<RawConnection, Task> _script;
    private readonly List<RawConnection> _open = [];
    private int _accepted;
    private int _requests;

    public ScriptedProvider(string name, Func<RawConnection, Task> script, string? version = null)
    {
        (Name, Version, _script) = (name, version, script);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = Task.Run(AcceptAsync);
    }

    public string Name { get; }

    public string? Version { get; }

    public int Port { get; }

    public int Accepted => Volatile.Read(ref _accepted);

    public int Requests => Volatile.Read(ref _requests);

    public Exception? Failure { get; private set; }

    /// <summary>Answers every request without a body with its name.</summary>
    public static ScriptedProvider Answering(string name, string? version = null)
    {
        ScriptedProvider? provider = null;
        provider = new ScriptedProvider(name, async connection =>
        {
            while (await connection.Head() is not null)
            {
                SpinWait.SpinUntil(() => provider is not null);
                Interlocked.Increment(ref provider!._requests);
                await connection.Send($"HTTP/1.1 200 OK\r\nContent-Length: {name.Length}\r\n\r\n{name}");
            }
        }, version);
        return provider;
    }

    /// <summary>Breaks every connection and listens no more.</summary>
    public void Dispose()
    {
        _listener.Dispose();
        CloseAll();
    }

    /// <summary>Ends every connection.</summary>
    public void CloseAll()
    {
        lock (_open)
        {
            _open.ForEach(c => c.Dispose());
            _open.Clear();
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var connection = new RawConnection(await _listener.AcceptSocketAsync());
                Interlocked.Increment(ref _accepted);
                lock (_open)
                {
                    _open.Add(connection);
                }

                _ = Task.Run(() => RunAsync(connection));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task RunAsync(RawConnection connection)
    {
        try
        {
            await _script(connection);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or SocketException)
        {
            // The other side broke the connection.
        }
        catch (Exception e)
        {
            Failure = e;
        }

        connection.Dispose();
    }
}
