using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tutti.Server.Tests.Dns;

/// <summary>Asks over real sockets.</summary>
internal static class DnsClient
{
    public const int A = 1, Ns = 2, Cname = 5, Soa = 6, Hinfo = 13, Txt = 16, Aaaa = 28, Srv = 33, Axfr = 252, Any = 255;

    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(10);

    /// <summary>Bytes of a query; a payload size adds an OPT record.</summary>
    public static byte[] Query(string name, int type, int? payload = null, int ednsVersion = 0, bool dnssec = false, int id = 4711, int flags = 0x0100, int recordClass = 1)
    {
        var bytes = new List<byte>();
        foreach (var number in new[] { id, flags, 1, 0, 0, payload is null ? 0 : 1 })
        {
            Add(bytes, number);
        }

        foreach (var label in name.TrimEnd('.').Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            bytes.Add((byte)label.Length);
            bytes.AddRange(Encoding.Latin1.GetBytes(label));
        }

        bytes.Add(0);
        Add(bytes, type);
        Add(bytes, recordClass);
        if (payload is { } size)
        {
            bytes.Add(0);
            Add(bytes, 41);
            Add(bytes, size);
            Add(bytes, ednsVersion);
            Add(bytes, dnssec ? 0x8000 : 0);
            Add(bytes, 0);
        }

        return [.. bytes];
    }

    public static Task<DnsReply> AskAsync(IPEndPoint server, string name, int type) => UdpAsync(server, Query(name, type));

    public static async Task<DnsReply> UdpAsync(IPEndPoint server, byte[] query)
    {
        using var udp = new UdpClient(server.AddressFamily);
        using var deadline = new CancellationTokenSource(_deadline);
        udp.Connect(server);
        await udp.SendAsync(query, deadline.Token);
        return new DnsReply((await udp.ReceiveAsync(deadline.Token)).Buffer);
    }

    public static async Task<IReadOnlyList<DnsReply>> TcpAsync(IPEndPoint server, params byte[][] queries)
    {
        using var tcp = new TcpClient(server.AddressFamily);
        using var deadline = new CancellationTokenSource(_deadline);
        await tcp.ConnectAsync(server, deadline.Token);
        await using var stream = tcp.GetStream();
        await stream.WriteAsync(queries.SelectMany(Framed).ToArray(), deadline.Token);
        var replies = new List<DnsReply>();
        foreach (var _ in queries)
        {
            replies.Add(await ReadAsync(stream, deadline.Token));
        }

        return replies;
    }

    public static byte[] Framed(byte[] query) => [(byte)(query.Length >> 8), (byte)query.Length, .. query];

    public static async Task<DnsReply> ReadAsync(NetworkStream stream, CancellationToken cancellation)
    {
        var prefix = new byte[2];
        await stream.ReadExactlyAsync(prefix, cancellation);
        var reply = new byte[BinaryPrimitives.ReadUInt16BigEndian(prefix)];
        await stream.ReadExactlyAsync(reply, cancellation);
        return new DnsReply(reply);
    }

    private static void Add(List<byte> bytes, int number)
    {
        bytes.Add((byte)(number >> 8));
        bytes.Add((byte)number);
    }
}
