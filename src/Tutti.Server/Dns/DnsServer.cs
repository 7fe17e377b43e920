using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Tutti.Control.State;

namespace Tutti.Server.Dns;

/// <summary>Discovery over DNS: the zone <c>tutti.</c> over UDP and TCP at one address, from the committed state.</summary>
internal sealed partial class DnsServer : IAsyncDisposable
{
    private const int Backlog = 128;
    private const int PortAttempts = 16;
    private readonly CancellationTokenSource _stop = new();
    private readonly Socket _udp;
    private readonly Socket _tcp;
    private readonly Task _services;

    private DnsServer(Socket udp, Socket tcp, ClusterView view, ILogger logger)
    {
        _udp = udp;
        _tcp = tcp;
        Endpoint = (IPEndPoint)tcp.LocalEndPoint!;
        var index = new EndpointIndex();
        var everywhere = Endpoint.Address.Equals(IPAddress.Any) || Endpoint.Address.Equals(IPAddress.IPv6Any);
        var responder = new Responder(new Zone(index, everywhere ? null : Endpoint.Address), logger);
        _services = Task.WhenAll(
            GuardAsync("its feed of changes", new DiscoveryFeed(view, index, logger).RunAsync(_stop.Token), logger),
            GuardAsync("UDP", Task.Run(() => new UdpService(udp, responder, logger).RunAsync(_stop.Token)), logger),
            GuardAsync("TCP", Task.Run(() => new TcpService(tcp, responder, logger).RunAsync(_stop.Token)), logger));
        Log.Listening(logger, Endpoint);
    }

    /// <summary>Where it answers, with the real port.</summary>
    public IPEndPoint Endpoint { get; }

    /// <summary>Listens and begins to answer. The state as it is now is in the very first answer.</summary>
    /// <param name="endpoint">Address and port; port 0 picks one that is free for both UDP and TCP.</param>
    /// <param name="view">The committed state.</param>
    /// <param name="logger">Takes failures.</param>
    /// <exception cref="SocketException">The port is in use (<see cref="SocketError.AddressAlreadyInUse"/>), or the address is not this machine's.</exception>
    public static DnsServer Start(IPEndPoint endpoint, ClusterView view, ILogger logger)
    {
        var (udp, tcp) = Bind(endpoint);
        return new DnsServer(udp, tcp, view, logger);
    }

    /// <summary>Stops answering and closes both sockets.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _services;
        _udp.Dispose();
        _tcp.Dispose();
        _stop.Dispose();
    }

    private static async Task GuardAsync(string part, Task service, ILogger logger)
    {
        try
        {
            await service;
        }
        catch (Exception failure)
        {
            // The other parts go on answering; an operator must know that this one no longer does.
            Log.Ended(logger, failure, part);
        }
    }

    private static (Socket Udp, Socket Tcp) Bind(IPEndPoint endpoint)
    {
        for (var attempt = 1; ; attempt++)
        {
            var tcp = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            var udp = new Socket(endpoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                if (endpoint.Address.Equals(IPAddress.IPv6Any))
                {
                    tcp.DualMode = true;
                    udp.DualMode = true;
                }

                tcp.Bind(endpoint);
                tcp.Listen(Backlog);
                udp.Bind(tcp.LocalEndPoint!);
                return (udp, tcp);
            }
            catch (SocketException failure)
            {
                tcp.Dispose();
                udp.Dispose();

                // The number that TCP was given may be taken for UDP; another one will not be.
                if (endpoint.Port != 0 || failure.SocketErrorCode != SocketError.AddressAlreadyInUse || attempt == PortAttempts)
                {
                    throw;
                }
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1200, LogLevel.Information, "DNS answers for tutti. on {Endpoint}")]
        public static partial void Listening(ILogger logger, IPEndPoint endpoint);

        [LoggerMessage(1207, LogLevel.Critical, "DNS lost {Part} and is of no use until the server is started again")]
        public static partial void Ended(ILogger logger, Exception failure, string part);
    }
}
