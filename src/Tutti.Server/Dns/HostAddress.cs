using System.Net;
using System.Net.Sockets;

namespace Tutti.Server.Dns;

/// <summary>Where something can be reached: an IP address, or the name of a host that somebody else resolves. Exactly one is set.</summary>
internal readonly record struct HostAddress
{
    private HostAddress(IPAddress? ip, DnsName? host)
    {
        Ip = ip;
        Host = host;
    }

    /// <summary>Null for a host name.</summary>
    public IPAddress? Ip { get; }

    /// <summary>Null for an IP address.</summary>
    public DnsName? Host { get; }

    /// <summary>Reads an IP address or a host name; null where it is neither.</summary>
    public static HostAddress? Read(string text)
    {
        var bare = text.StartsWith('[') && text.EndsWith(']') ? text[1..^1] : text;
        if (IPAddress.TryParse(bare, out var ip) && ip.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6)
        {
            return new HostAddress(ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip, null);
        }

        // This machine's own name for itself is known everywhere (RFC 6761, 6.3), and an alias to it would need another server.
        if (string.Equals(bare, "localhost", StringComparison.OrdinalIgnoreCase))
        {
            return new HostAddress(IPAddress.Loopback, null);
        }

        return DnsName.TryParse(bare, out var host) && host.Labels.Length > 0 ? new HostAddress(null, host) : null;
    }
}
