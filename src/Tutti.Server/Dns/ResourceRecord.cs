using System.Net;

namespace Tutti.Server.Dns;

/// <summary>A record to be written into an answer, always of class IN and with <see cref="TimeToLive"/>.</summary>
internal abstract record ResourceRecord(DnsName Owner, RecordType Type)
{
    /// <summary>Seconds an answer may be kept: none. The server is near and cheap to ask, and an endpoint that was kept for even a
    /// second after its instance left discovery would lead a caller to something that is being stopped.</summary>
    public const uint TimeToLive = 0;
}

/// <summary>A or AAAA, by the address's family.</summary>
internal sealed record AddressRecord(DnsName Owner, IPAddress Address)
    : ResourceRecord(Owner, Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? RecordType.Aaaa : RecordType.A);

/// <summary>SRV (RFC 2782); all of one set have the same priority and weight.</summary>
internal sealed record ServiceRecord(DnsName Owner, ushort Port, DnsName Target) : ResourceRecord(Owner, RecordType.Srv);

/// <summary>CNAME.</summary>
internal sealed record AliasRecord(DnsName Owner, DnsName Target) : ResourceRecord(Owner, RecordType.Cname);

/// <summary>NS.</summary>
internal sealed record NameServerRecord(DnsName Owner, DnsName Server) : ResourceRecord(Owner, RecordType.Ns);

/// <summary>SOA. Its serial is the revision of the committed state, modulo 2^32.</summary>
internal sealed record AuthorityRecord(DnsName Owner, DnsName Server, DnsName Mailbox, uint Serial) : ResourceRecord(Owner, RecordType.Soa)
{
    /// <summary>Seconds between two looks of a secondary server; there is none.</summary>
    public const uint Refresh = 60;

    /// <summary>Seconds until a failed look is repeated.</summary>
    public const uint Retry = 10;

    /// <summary>Seconds a secondary server may go on without.</summary>
    public const uint Expire = 3600;

    /// <summary>Seconds a "no" may be kept (RFC 2308, 4): none, since the next instance may come into Run at any moment.</summary>
    public const uint Minimum = 0;
}

/// <summary>The small answer to a question for everything (RFC 8482, 4.2).</summary>
internal sealed record MinimalAnyRecord(DnsName Owner) : ResourceRecord(Owner, RecordType.Hinfo)
{
    /// <summary>What the standard says to put there.</summary>
    public const string Cpu = "RFC8482";
}
