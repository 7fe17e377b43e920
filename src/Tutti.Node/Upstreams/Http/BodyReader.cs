namespace Tutti.Node.Upstreams.Http;

/// <summary>Knows where a body ends (RFC 9112, section 6.3).</summary>
internal struct BodyReader
{
    private Kind _kind;
    private long _left;
    private ChunkScanner _chunks;

    private enum Kind
    {
        Counted,
        Chunked,
        UntilClose,
    }

    /// <summary>No body.</summary>
    public static BodyReader None => default;

    /// <summary>Ends with the last chunk and its trailers.</summary>
    public static BodyReader Chunked => new() { _kind = Kind.Chunked };

    /// <summary>Ends with the connection.</summary>
    public static BodyReader UntilClose => new() { _kind = Kind.UntilClose };

    public readonly bool Done => _kind switch
    {
        Kind.Counted => _left == 0,
        Kind.Chunked => _chunks.Done,
        _ => false,
    };

    public readonly bool Faulty => _chunks.Faulty;

    public readonly bool EndsWithConnection => _kind == Kind.UntilClose;

    /// <summary>What follows the body may come in with it.</summary>
    public readonly bool MayReadOver => _kind == Kind.Chunked;

    /// <summary>Ends after so many bytes.</summary>
    public static BodyReader Counted(long bytes) => new() { _left = bytes };

    /// <summary>How much may be received at once without reading over its end.</summary>
    public readonly int Limit(int room) => _kind == Kind.Counted ? (int)Math.Min(_left, room) : room;

    /// <summary>Goes on through what has come; returns how many bytes belong to it.</summary>
    public int Take(ReadOnlySpan<byte> input) => Take(input, [], out _);

    /// <summary>The same, and takes the content out of its chunks.</summary>
    public int Take(ReadOnlySpan<byte> input, Span<byte> payload, out int payloadLength)
    {
        payloadLength = 0;
        switch (_kind)
        {
            case Kind.Counted:
                var count = (int)Math.Min(_left, input.Length);
                _left -= count;
                return count;
            case Kind.Chunked:
                return _chunks.Scan(input, payload, out payloadLength);
            default:
                return input.Length;
        }
    }
}
