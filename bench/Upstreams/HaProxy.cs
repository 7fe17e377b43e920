using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Tutti.Bench.Upstreams;

/// <summary>HAProxy before the same server, with one thread on the proxy's core.</summary>
internal sealed class HaProxy : IAsyncDisposable
{
    private readonly Process _process;

    private HaProxy(Process process, int http, int tcp) => (_process, HttpPort, TcpPort) = (process, http, tcp);

    public int HttpPort { get; }

    public int TcpPort { get; }

    public int Pid => _process.Id;

    /// <summary>Where it is; null: nowhere.</summary>
    public static string? Find() => new[] { "/usr/sbin/haproxy", "/usr/bin/haproxy", "/usr/local/sbin/haproxy" }.FirstOrDefault(File.Exists);

    /// <summary>Starts it; null where it is not installed.</summary>
    public static async Task<HaProxy?> StartAsync(BenchFolder folder, int server, int tcpServer)
    {
        if (Find() is not { } program)
        {
            return null;
        }

        var (http, tcp) = (FreePort(), FreePort());
        await File.WriteAllTextAsync(folder.File("haproxy.cfg"), Configuration(http, tcp, server, tcpServer));
        var process = Process.Start(new ProcessStartInfo("taskset", ["-c", $"{BenchPart.ProxyCore}", program, "-db", "-f", folder.File("haproxy.cfg")]))!;
        for (var tries = 0; tries < 500; tries++)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, http);
                return new HaProxy(process, http, tcp);
            }
            catch (SocketException)
            {
                await Task.Delay(10); // Not yet.
            }
        }

        throw new InvalidOperationException("HAProxy does not come up");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>As an upstream does it: least connections, connections to the server used again for everybody.</summary>
    private static string Configuration(int http, int tcp, int server, int tcpServer) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        global
          nbthread 1
          maxconn 1000
        defaults
          timeout connect 2s
          timeout client 60s
          timeout server 60s
        listen http
          mode http
          bind 127.0.0.1:{http}
          balance leastconn
          http-reuse always
          server a 127.0.0.1:{server}
        listen tcp
          mode tcp
          bind 127.0.0.1:{tcp}
          server a 127.0.0.1:{tcpServer}

        """);
}
