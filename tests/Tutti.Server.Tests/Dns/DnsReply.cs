using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Tutti.Server.Tests.Dns;

/// <summary>One record as a client reads it; data in the words of a zone file.</summary>
internal sealed record DnsReplyRecord(string Owner, int Type, uint TimeToLive, string Data);

/// <summary>An answer, read by code that shares nothing with the server's.</summary>
internal sealed class DnsReply
{
    private readonly byte[] _bytes;
    private int _at = 12;

    public DnsReply(byte[] bytes)
    {
        _bytes = bytes;
        Id = U16(0);
        Flags = U16(2);
        for (var i = 0; i < U16(4); i++)
        {
            QuestionName = Name();
            QuestionType = U16(_at);
            _at += 4;
        }

        Answers = Section(U16(6));
        Authority = Section(U16(8));
        Additional = Section(U16(10));
        Opt = Additional.SingleOrDefault(record => record.Type == 41);
        Additional = [.. Additional.Where(record => record.Type != 41)];
        Assert.Equal(bytes.Length, _at);
    }

    public int Id { get; }

    public int Flags { get; }

    public string QuestionName { get; } = "";

    public int QuestionType { get; }

    public IReadOnlyList<DnsReplyRecord> Answers { get; }

    public IReadOnlyList<DnsReplyRecord> Authority { get; }

    public IReadOnlyList<DnsReplyRecord> Additional { get; }

    public DnsReplyRecord? Opt { get; }

    public int Size => _bytes.Length;

    public bool IsAuthoritative => (Flags & 0x0400) != 0;

    public bool IsTruncated => (Flags & 0x0200) != 0;

    public int Code => (Flags & 0xf) | (Opt is null ? 0 : (int)(Opt.TimeToLive >> 24) << 4);

    public IEnumerable<string> Data(int type) => Answers.Where(record => record.Type == type).Select(record => record.Data);

    private ushort U16(int at) => BinaryPrimitives.ReadUInt16BigEndian(_bytes.AsSpan(at));

    private List<DnsReplyRecord> Section(int count)
    {
        var records = new List<DnsReplyRecord>();
        for (var i = 0; i < count; i++)
        {
            var owner = Name();
            var type = U16(_at);
            var ttl = BinaryPrimitives.ReadUInt32BigEndian(_bytes.AsSpan(_at + 4));
            var end = _at + 10 + U16(_at + 8);
            _at += 10;
            var data = Data(type, end);
            Assert.Equal(end, _at);
            records.Add(new DnsReplyRecord(owner, type, ttl, data));
        }

        return records;
    }

    private string Data(int type, int end)
    {
        switch (type)
        {
            case 1 or 28:
                var address = new IPAddress(_bytes.AsSpan(_at, end - _at));
                _at = end;
                return address.ToString();
            case 2 or 5:
                return Name();
            case 33:
                var numbers = $"{U16(_at)} {U16(_at + 2)} {U16(_at + 4)}";
                _at += 6;
                return $"{numbers} {Name()}";
            case 6:
                var names = $"{Name()} {Name()}";
                var values = Enumerable.Range(0, 5).Select(i => BinaryPrimitives.ReadUInt32BigEndian(_bytes.AsSpan(_at + (4 * i)))).ToArray();
                _at += 20;
                return $"{names} {string.Join(' ', values)}";
            default:
                var hex = Convert.ToHexString(_bytes.AsSpan(_at, end - _at));
                _at = end;
                return hex;
        }
    }

    private string Name()
    {
        var text = new StringBuilder();
        var at = _at;
        var jumped = false;
        for (var steps = 0; steps < 200; steps++)
        {
            var head = _bytes[at];
            if (head >= 0xc0)
            {
                _at = jumped ? _at : at + 2;
                jumped = true;
                at = U16(at) & 0x3fff;
                continue;
            }

            if (head == 0)
            {
                _at = jumped ? _at : at + 1;
                return text.Length == 0 ? "." : text.ToString();
            }

            text.Append(Encoding.Latin1.GetString(_bytes, at + 1, head)).Append('.');
            at += 1 + head;
        }

        throw new InvalidDataException("a name without an end");
    }
}
