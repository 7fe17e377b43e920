using System.Collections.Immutable;
using System.Net;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Microsoft.Extensions.Logging.Abstractions;
using Tutti.Server.Dns;

namespace Tutti.Server.Tests.Dns;

/// <summary>The codec alone: round trips, limits, loops, and whatever bytes there are.</summary>
public sealed class WireTests
{
    private static readonly byte[] _seed = DnsClient.Query("_http._tcp.cart.shop.tutti", DnsClient.Srv, payload: 1232);

    [Property(MaxTest = 300)]
    public Property Any_record_reads_back_as_written()
    {
        var label = Gen.Choose(1, 20).SelectMany(length => Gen.Elements("abcXYZ0129-_".ToCharArray()).ArrayOf(length)).Select(characters => new string(characters));
        var name = Gen.Choose(1, 5).SelectMany(count => label.ArrayOf(count)).Select(labels => DnsName.Of([.. labels])!);
        var four = Gen.Choose(0, 255).ArrayOf(4).Select(parts => new IPAddress(parts.Select(part => (byte)part).ToArray()));
        var record = Gen.OneOf(
            name.SelectMany(owner => four.Select(ip => (ResourceRecord)new AddressRecord(owner, ip))),
            name.SelectMany(owner => name.Select(target => (ResourceRecord)new AliasRecord(owner, target))),
            name.SelectMany(owner => name.SelectMany(target => Gen.Choose(1, 65535).Select(port => (ResourceRecord)new ServiceRecord(owner, (ushort)port, target)))),
            name.SelectMany(owner => name.Select(server => (ResourceRecord)new AuthorityRecord(owner, server, owner, 7))));
        return Prop.ForAll(record.ArrayOf().ToArbitrary(), records =>
        {
            var writer = new ResponseWriter();
            writer.Begin(ushort.MaxValue);
            var written = records.TakeWhile(writer.TryWrite).Count();
            writer.SetHeader(1, 0x8000, 0, written, 0, 0);
            var reply = new DnsReply(writer.Written.ToArray());
            Assert.Equal(records.Length, written);
            Assert.Equal(records.Select(Text), reply.Answers.Select(each => $"{each.Owner} {each.Type} {each.Data}"));
        });
    }

    [Property(MaxTest = 300)]
    public Property A_record_that_does_not_fit_leaves_no_trace(int limit)
    {
        var size = 12 + (Math.Abs(limit % 400));
        var writer = new ResponseWriter();
        writer.Begin(size);
        var owner = DnsName.Of(["a", "b", "c"])!;
        var records = Enumerable.Range(0, 40).Select(i => (ResourceRecord)new ServiceRecord(owner, (ushort)i, DnsName.Of([$"t{i % 7}", "b", "c"])!)).ToArray();
        var written = records.Count(writer.TryWrite);
        writer.SetHeader(1, 0x8000, 0, written, 0, 0);
        var reply = new DnsReply(writer.Written.ToArray());
        return (reply.Size <= size && reply.Answers.Count == written).ToProperty();
    }

    [Property(MaxTest = 2000)]
    public void Random_bytes_never_break_it(byte[] bytes) => AnswerOf(bytes);

    [Property(MaxTest = 3000)]
    public void A_damaged_query_never_breaks_it((int At, byte Value)[] damage, int cut)
    {
        var bytes = _seed.ToArray();
        foreach (var (at, value) in damage)
        {
            bytes[(int)((uint)at % bytes.Length)] = value;
        }

        AnswerOf(bytes[..(cut % 3 == 0 ? (int)((uint)cut % bytes.Length) : bytes.Length)]);
    }

    [Theory]
    [InlineData(new byte[] { 0xc0, 12 })] // to itself
    [InlineData(new byte[] { 0xc0, 14, 0xc0, 12 })] // to one another
    [InlineData(new byte[] { 1, (byte)'a', 0xc0, 12 })] // back to its own beginning
    [InlineData(new byte[] { 0xc0, 200, 0 })] // beyond the end
    [InlineData(new byte[] { 0xc0 })] // half a pointer
    [InlineData(new byte[] { 0x40, 1, 0 })] // a kind of label that is not used
    [InlineData(new byte[] { 5, (byte)'a' })] // cut off
    public void A_name_that_loops_or_is_cut_off_is_no_name(byte[] name)
    {
        byte[] message = [.. new byte[12], .. name];
        var reader = new WireReader(message);
        Assert.True(reader.TrySkip(12));
        Assert.False(reader.TryReadName(out _));
    }

    [Fact]
    public void Names_have_the_lengths_of_RFC_1035()
    {
        var longest = new string('x', 63);
        Assert.Null(DnsName.Of([longest + "x"]));
        Assert.Null(DnsName.Of([""]));
        Assert.Null(DnsName.Of(["\u0100"]));
        Assert.NotNull(DnsName.Of([longest, longest, longest, new string('x', 61)]));
        Assert.Null(DnsName.Of([longest, longest, longest, new string('x', 62)]));
        Assert.Equal("a\\.b.\\255.", DnsName.Of(["a.b", "\u00ff"])!.ToString());
    }

    [Fact]
    public void Case_is_folded_for_ASCII_letters_only()
    {
        Assert.Equal(DnsName.Of(["AbC", "Ü"]), DnsName.Of(["aBc", "Ü"]));
        Assert.Equal(DnsName.Of(["AbC"])!.GetHashCode(), DnsName.Of(["aBc"])!.GetHashCode());
        Assert.NotEqual(DnsName.Of(["Ü"]), DnsName.Of(["ü"]));
        Assert.NotEqual(DnsName.Of(["a.b"]), DnsName.Of(["a", "b"]));
    }

    [Fact]
    public void Repeated_names_are_compressed_and_SRV_targets_are_not()
    {
        var owner = DnsName.Of(["cart", "shop", "tutti"])!;
        var writer = new ResponseWriter();
        writer.Begin(512);
        Assert.True(writer.TryWrite(new AddressRecord(owner, IPAddress.Loopback)));
        var first = writer.Written.Length - 12;
        Assert.True(writer.TryWrite(new AddressRecord(owner, IPAddress.Loopback)));
        Assert.Equal(first - 17 + 2, writer.Written.Length - 12 - first); // the name's 17 bytes became a pointer
        var before = writer.Written.Length;
        Assert.True(writer.TryWrite(new ServiceRecord(owner, 80, owner)));
        Assert.Equal(2 + 10 + 6 + 17, writer.Written.Length - before);
    }

    private static void AnswerOf(byte[] bytes)
    {
        var index = new EndpointIndex();
        index.Declare("shop", new Dictionary<string, Declaration> { ["cart"] = new(["http"], null) });
        HostAddress address = HostAddress.Read("127.0.0.1")!.Value;
        for (var i = 0; i < 60; i++)
        {
            index.Put(new("shop", "cart"), new LiveInstance($"cart-{i}", address, ImmutableSortedDictionary<string, int>.Empty.Add("http", 1 + i)));
        }

        var writer = new ResponseWriter();
        foreach (var overTcp in new[] { false, true })
        {
            if (new Responder(new Zone(index, IPAddress.Loopback), NullLogger.Instance).TryAnswer(bytes, overTcp, writer))
            {
                var reply = new DnsReply(writer.Written.ToArray());
                Assert.Equal((bytes[0] << 8) | bytes[1], reply.Id);
                Assert.NotEqual(2, reply.Code); // a failure inside would be SERVFAIL
                Assert.True(overTcp || reply.Size <= 4096);
            }
        }
    }

    private static string Text(ResourceRecord record) => $"{record.Owner} {(int)record.Type} " + record switch
    {
        AddressRecord a => a.Address.ToString(),
        AliasRecord c => c.Target.ToString(),
        ServiceRecord s => $"0 1 {s.Port} {s.Target}",
        AuthorityRecord soa => $"{soa.Server} {soa.Mailbox} {soa.Serial} 60 10 3600 0",
        _ => "?",
    };
}
