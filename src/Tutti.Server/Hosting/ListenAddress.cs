using System.Net;

namespace Tutti.Server.Hosting;

/// <summary>Addresses as people write them.</summary>
internal static class ListenAddress
{
    /// <summary>Reads <c>http://127.0.0.1:7420</c>; the host is an IP address or <c>localhost</c>.</summary>
    /// <exception cref="ServerStartException">It is no such address.</exception>
    public static IPEndPoint OfApi(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme != "http" || url.AbsolutePath != "/" || HostOf(url.Host) is not { } address)
        {
            throw new ServerStartException($"'{text}' is not an address to listen on; write http://IP:PORT, such as --listen http://127.0.0.1:7420, or port 0 for a free one");
        }

        return new IPEndPoint(address, url.Port);
    }

    /// <summary>Reads <c>127.0.0.1:8600</c>.</summary>
    /// <exception cref="ServerStartException">It is no such address.</exception>
    public static IPEndPoint OfDns(string text) =>
        text.Contains(':') && IPEndPoint.TryParse(text.Replace("localhost", "127.0.0.1", StringComparison.OrdinalIgnoreCase), out var endpoint)
            ? endpoint
            : throw new ServerStartException($"'{text}' is not an address for DNS; write IP:PORT, such as --dns 127.0.0.1:8600, port 0 for a free one, or --dns off");

    /// <summary>A URL that reaches a listener from this machine.</summary>
    public static string UrlOf(IPEndPoint endpoint)
    {
        var address = endpoint.Address.Equals(IPAddress.Any) ? IPAddress.Loopback
            : endpoint.Address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback
            : endpoint.Address;
        return $"http://{new IPEndPoint(address, endpoint.Port)}";
    }

    private static IPAddress? HostOf(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
        : IPAddress.TryParse(host.Trim('[', ']'), out var address) ? address
        : null;
}
