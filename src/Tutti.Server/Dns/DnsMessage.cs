namespace Tutti.Server.Dns;

/// <summary>Types of records and questions that mean something here (RFC 1035, 3.2; RFC 2782, 3596, 6891).</summary>
internal enum RecordType : ushort
{
    A = 1,
    Ns = 2,
    Cname = 5,
    Soa = 6,
    Hinfo = 13,
    Aaaa = 28,
    Srv = 33,
    Opt = 41,
    Ixfr = 251,
    Axfr = 252,
    Any = 255,
}

/// <summary>Classes (RFC 1035, 3.2.4).</summary>
internal enum RecordClass : ushort
{
    Internet = 1,
    Any = 255,
}

/// <summary>How a query went (RFC 1035, 4.1.1; RFC 6891, 9).</summary>
internal enum ResponseCode : ushort
{
    NoError = 0,
    FormatError = 1,
    ServerFailure = 2,
    NameError = 3,
    NotImplemented = 4,
    Refused = 5,
    BadVersion = 16,
}

/// <summary>What is asked.</summary>
internal sealed record Question(DnsName Name, RecordType Type, RecordClass Class);

/// <summary>What an OPT record of a query says (RFC 6891): the largest UDP answer the asker takes, in bytes, and its EDNS version.</summary>
internal readonly record struct Edns(ushort PayloadSize, byte Version);

/// <summary>A query, as far as it could be read.</summary>
internal sealed record DnsQuery
{
    /// <summary>Repeated in the answer.</summary>
    public required ushort Id { get; init; }

    /// <summary>0 is a standard query; nothing else is known here.</summary>
    public required int Opcode { get; init; }

    /// <summary>Repeated in the answer.</summary>
    public bool RecursionDesired { get; init; }

    /// <summary>Null where the message could not be read.</summary>
    public Question? Question { get; init; }

    /// <summary>Null where there is no OPT record.</summary>
    public Edns? Edns { get; init; }

    /// <summary>Whether everything could be read.</summary>
    public bool WellFormed { get; init; }
}

/// <summary>Sizes of messages in bytes.</summary>
internal static class MessageSize
{
    /// <summary>Of the header.</summary>
    public const int Header = 12;

    /// <summary>Of an answer over UDP without EDNS (RFC 1035, 2.3.4).</summary>
    public const int ClassicUdp = 512;

    /// <summary>Largest answer over UDP and the size offered to askers (RFC 6891, 6.2.5).</summary>
    public const int MaxUdp = 4096;

    /// <summary>Largest message over TCP: the length prefix has 16 bits.</summary>
    public const int MaxTcp = ushort.MaxValue;

    /// <summary>Of an OPT record without options.</summary>
    public const int Opt = 11;
}
