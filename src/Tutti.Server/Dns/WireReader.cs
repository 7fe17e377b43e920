using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Tutti.Server.Dns;

/// <summary>Reads one message from the front; every read says whether the bytes were there and well-formed, and none throws.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> message)
{
    private const int PointerMark = 0xc0;
    private readonly ReadOnlySpan<byte> _message = message;

    /// <summary>Offset of the next byte.</summary>
    public int Position { get; private set; }

    /// <summary>Whether every byte has been read.</summary>
    public readonly bool AtEnd => Position == _message.Length;

    /// <summary>Reads 16 bits in network order.</summary>
    public bool TryReadUInt16(out ushort value)
    {
        value = 0;
        if (_message.Length - Position < sizeof(ushort))
        {
            return false;
        }

        value = BinaryPrimitives.ReadUInt16BigEndian(_message[Position..]);
        Position += sizeof(ushort);
        return true;
    }

    /// <summary>Reads 32 bits in network order.</summary>
    public bool TryReadUInt32(out uint value)
    {
        value = 0;
        if (_message.Length - Position < sizeof(uint))
        {
            return false;
        }

        value = BinaryPrimitives.ReadUInt32BigEndian(_message[Position..]);
        Position += sizeof(uint);
        return true;
    }

    /// <summary>Passes over bytes.</summary>
    public bool TrySkip(int count)
    {
        if (_message.Length - Position < count)
        {
            return false;
        }

        Position += count;
        return true;
    }

    /// <summary>Reads a name, compressed or not (RFC 1035, 4.1.4).</summary>
    /// <remarks>A pointer must lead before the place where the piece of the name that holds it began. So pieces lie ever nearer to
    /// the front and reading ends, whatever the bytes say; the bound on the name's length ends it sooner.</remarks>
    public bool TryReadName([NotNullWhen(true)] out DnsName? name)
    {
        name = null;
        var labels = ImmutableArray.CreateBuilder<string>();
        var at = Position;
        var pieceStart = at;
        var after = -1;
        var length = 1;
        while (at < _message.Length)
        {
            var head = _message[at];
            if (head == 0)
            {
                Position = after < 0 ? at + 1 : after;
                name = DnsName.Of(labels.ToImmutable());
                return name is not null;
            }

            if ((head & PointerMark) == PointerMark)
            {
                if (at + 1 >= _message.Length)
                {
                    return false;
                }

                var target = ((head & ~PointerMark) << 8) | _message[at + 1];
                if (target >= pieceStart)
                {
                    return false;
                }

                after = after < 0 ? at + 2 : after;
                at = pieceStart = target;
                continue;
            }

            length += 1 + head;
            if ((head & PointerMark) != 0 || length > DnsName.MaxWireLength || at + 1 + head > _message.Length)
            {
                return false;
            }

            labels.Add(Encoding.Latin1.GetString(_message.Slice(at + 1, head)));
            at += 1 + head;
        }

        return false;
    }
}
