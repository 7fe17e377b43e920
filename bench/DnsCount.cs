using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tutti.Bench;

/// <summary>Asks for a service's SRV records until there are as many as expected.</summary>
/// <remarks>RFC 1035 section 4 (messages), RFC 2782 (SRV).</remarks>
internal sealed class DnsCount : IDisposable
{
    private const int HeaderBytes = 12;
    private const int CountOffset = 6;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 1_000 };
    private ushort _id;

    public DnsCount(string server) => _socket.Connect(IPEndPoint.Parse(server));

    /// <summary>Asks every millisecond, on the calling thread.</summary>
    /// <returns>The timestamp (<see cref="Stopwatch"/>) of the first answer with that many records.</returns>
    public long Until(string name, int records, TimeSpan longest)
    {
        var began = Stopwatch.GetTimestamp();
        while (Ask(name) != records)
        {
            if (Stopwatch.GetElapsedTime(began) > longest)
            {
                throw new TimeoutException($"DNS does not come to {records} records of {name} within {longest.TotalSeconds} s");
            }

            Thread.Sleep(1);
        }

        return Stopwatch.GetTimestamp();
    }

    public void Dispose() => _socket.Dispose();

    private int Ask(string name)
    {
        var query = Query(++_id, name);
        _socket.Send(query);
        Span<byte> answer = stackalloc byte[1_500];
        int length;
        do
        {
            length = _socket.Receive(answer);
        }
        while (length < HeaderBytes || BinaryPrimitives.ReadUInt16BigEndian(answer) != _id);
        return BinaryPrimitives.ReadUInt16BigEndian(answer[CountOffset..]);
    }

    private static byte[] Query(ushort id, string name)
    {
        using var message = new MemoryStream();
        message.Write([(byte)(id >> 8), (byte)id, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
        foreach (var label in name.Split('.'))
        {
            message.WriteByte((byte)label.Length);
            message.Write(Encoding.ASCII.GetBytes(label));
        }

        message.Write([0, 0, 33, 0, 1]);
        return message.ToArray();
    }
}
