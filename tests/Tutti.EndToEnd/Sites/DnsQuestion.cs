using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tutti.EndToEnd.Sites;

/// <summary>One question over UDP, as in RFC 1035, section 4, and RFC 2782.</summary>
internal static class DnsQuestion
{
    private const ushort A = 1;
    private const ushort Srv = 33;

    /// <summary>Addresses of a name; empty where there is none.</summary>
    public static async Task<string[]> AddressesAsync(string server, string name) =>
        [.. (await AskAsync(server, name, A)).Select(data => new IPAddress(data).ToString())];

    /// <summary>Port numbers in the SRV records of a name, in order.</summary>
    public static async Task<int[]> PortsAsync(string server, string name) =>
        [.. (await AskAsync(server, name, Srv)).Select(data => (int)BinaryPrimitives.ReadUInt16BigEndian(data.AsSpan(4))).Order()];

    private static async Task<List<byte[]>> AskAsync(string server, string name, ushort type)
    {
        using var client = new UdpClient(AddressFamily.InterNetwork);
        client.Connect(IPEndPoint.Parse(server));
        byte[] answer = [];
        await Until.NoProblemAsync($"DNS at {server} answers", async () =>
        {
            await client.SendAsync(Query(name, type), TestContext.Current.CancellationToken);
            using var late = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            answer = (await client.ReceiveAsync(late.Token)).Buffer;
            return null;
        });
        return Answers(answer, type);
    }

    private static byte[] Query(string name, ushort type)
    {
        byte[] head = [0x54, 0x54, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
        var labels = name.Split('.').SelectMany(label => (byte[])[(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]);
        return [.. head, .. labels, 0, 0, (byte)type, 0, 1];
    }

    private static List<byte[]> Answers(byte[] message, ushort type)
    {
        var found = new List<byte[]>();
        var count = BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(6));
        var at = AfterName(message, 12) + 4;
        for (var number = 0; number < count; number++)
        {
            at = AfterName(message, at);
            var length = BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(at + 8));
            if (BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(at)) == type)
            {
                found.Add(message[(at + 10)..(at + 10 + length)]);
            }

            at += 10 + length;
        }

        return found;
    }

    private static int AfterName(byte[] message, int at)
    {
        while (message[at] != 0)
        {
            if (message[at] >= 0xC0)
            {
                return at + 2;
            }

            at += message[at] + 1;
        }

        return at + 1;
    }
}
