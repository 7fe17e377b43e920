using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Tutti.Server.Dns;

/// <summary>Writes one answer at a time into a buffer that it keeps; names are compressed (RFC 1035, 4.1.4). For one thread.</summary>
internal sealed class ResponseWriter
{
    private const int MaxPointerTarget = 0x3fff;
    private readonly Dictionary<string, int> _offsets = new(StringComparer.Ordinal);
    private readonly Stack<string> _remembered = [];
    private byte[] _buffer = new byte[MessageSize.ClassicUdp];
    private int _length;
    private int _limit;
    private bool _overflow;

    /// <summary>What has been written.</summary>
    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _length);

    /// <summary>Begins a message of at most so many bytes with an empty header.</summary>
    public void Begin(int limit)
    {
        _offsets.Clear();
        _remembered.Clear();
        _overflow = false;
        _limit = limit;
        _length = MessageSize.Header;
        _buffer.AsSpan(0, MessageSize.Header).Clear();
    }

    /// <summary>Takes bytes away from the limit, or gives them back.</summary>
    public void Reserve(int bytes) => _limit -= bytes;

    /// <summary>Fills in the header.</summary>
    public void SetHeader(ushort id, ushort flags, int questions, int answers, int authorities, int additionals)
    {
        ReadOnlySpan<int> fields = [id, flags, questions, answers, authorities, additionals];
        for (var i = 0; i < fields.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(_buffer.AsSpan(i * sizeof(ushort)), (ushort)fields[i]);
        }
    }

    /// <summary>Repeats the question, spelled as it was.</summary>
    public void WriteQuestion(Question question)
    {
        WriteName(question.Name, compress: true);
        WriteUInt16((ushort)question.Type);
        WriteUInt16((ushort)question.Class);
    }

    /// <summary>Writes a record; false, and nothing written, where it does not fit.</summary>
    public bool TryWrite(ResourceRecord record)
    {
        var mark = _length;
        WriteName(record.Owner, compress: true);
        WriteUInt16((ushort)record.Type);
        WriteUInt16((ushort)RecordClass.Internet);
        WriteUInt32(ResourceRecord.TimeToLive);
        var lengthAt = _length;
        WriteUInt16(0);
        WriteData(record);
        if (_overflow)
        {
            Forget(mark);
            return false;
        }

        BinaryPrimitives.WriteUInt16BigEndian(_buffer.AsSpan(lengthAt), (ushort)(_length - lengthAt - sizeof(ushort)));
        return true;
    }

    /// <summary>Writes the OPT record (RFC 6891, 6.1.2) with the upper bits of the response code; version 0, no options, DO clear.</summary>
    public void WriteOpt(ResponseCode code)
    {
        WriteName(DnsName.Root, compress: false);
        WriteUInt16((ushort)RecordType.Opt);
        WriteUInt16(MessageSize.MaxUdp);
        WriteUInt32((uint)((int)code >> 4) << 24);
        WriteUInt16(0);
    }

    private void WriteData(ResourceRecord record)
    {
        switch (record)
        {
            case AddressRecord a:
                WriteAddress(a.Address);
                break;
            case ServiceRecord s:
                WriteUInt16(0);
                WriteUInt16(1);
                WriteUInt16(s.Port);
                WriteName(s.Target, compress: false); // RFC 2782: no compression in the target
                break;
            case AliasRecord c:
                WriteName(c.Target, compress: true);
                break;
            case NameServerRecord n:
                WriteName(n.Server, compress: true);
                break;
            case AuthorityRecord soa:
                WriteName(soa.Server, compress: true);
                WriteName(soa.Mailbox, compress: true);
                WriteUInt32(soa.Serial);
                WriteUInt32(AuthorityRecord.Refresh);
                WriteUInt32(AuthorityRecord.Retry);
                WriteUInt32(AuthorityRecord.Expire);
                WriteUInt32(AuthorityRecord.Minimum);
                break;
            case MinimalAnyRecord:
                WriteText(MinimalAnyRecord.Cpu);
                WriteText("");
                break;
            default:
                throw new InvalidOperationException($"a record of {record.GetType().Name} has no form on the wire");
        }
    }

    private void WriteName(DnsName name, bool compress)
    {
        var labels = name.Labels;
        for (var i = 0; i < labels.Length; i++)
        {
            // The length before each label makes the key unambiguous: a label may itself hold a dot.
            var suffix = string.Concat(labels[i..].Select(label => (char)label.Length + label));
            if (compress && _offsets.TryGetValue(suffix, out var offset))
            {
                WriteUInt16((ushort)(0xc000 | offset));
                return;
            }

            if (_length <= MaxPointerTarget && _offsets.TryAdd(suffix, _length))
            {
                _remembered.Push(suffix);
            }

            WriteText(labels[i]);
        }

        if (Take(1) is { Length: > 0 } end)
        {
            end[0] = 0;
        }
    }

    private void WriteText(string text)
    {
        if (Take(1 + text.Length) is { Length: > 0 } place)
        {
            place[0] = (byte)text.Length;
            Encoding.Latin1.GetBytes(text, place[1..]);
        }
    }

    private void WriteAddress(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var count);
        if (Take(count) is { Length: > 0 } place)
        {
            bytes[..count].CopyTo(place);
        }
    }

    private void WriteUInt16(ushort value)
    {
        if (Take(sizeof(ushort)) is { Length: > 0 } place)
        {
            BinaryPrimitives.WriteUInt16BigEndian(place, value);
        }
    }

    private void WriteUInt32(uint value)
    {
        if (Take(sizeof(uint)) is { Length: > 0 } place)
        {
            BinaryPrimitives.WriteUInt32BigEndian(place, value);
        }
    }

    private Span<byte> Take(int count)
    {
        if (_overflow || _length + count > _limit)
        {
            _overflow = true;
            return [];
        }

        if (_length + count > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Min(MessageSize.MaxTcp, Math.Max(_buffer.Length * 2, _length + count)));
        }

        var place = _buffer.AsSpan(_length, count);
        _length += count;
        return place;
    }

    private void Forget(int mark)
    {
        _overflow = false;
        _length = mark;
        while (_remembered.TryPeek(out var suffix) && _offsets[suffix] >= mark)
        {
            _offsets.Remove(_remembered.Pop());
        }
    }
}
