namespace Tutti.Node.Upstreams.Http;

/// <summary>Follows a chunked body (RFC 9112, section 7.1) to its end, trailers included. Strict: CR LF and nothing else ends a line.</summary>
internal struct ChunkScanner
{
    /// <summary>A longer chunk-size line, with its extensions, is a fault.</summary>
    private const int LongestLine = 4096;

    /// <summary>More trailers are a fault.</summary>
    private const int LongestTrailers = 32 * 1024;

    private const int MostDigits = 15;

    private State _state;
    private long _left;
    private int _seen;
    private bool _named;

    private enum State
    {
        Size,
        Extension,
        SizeEnd,
        Data,
        DataReturn,
        DataEnd,
        LineStart,
        TrailerName,
        TrailerValue,
        TrailerEnd,
        LastEnd,
        Done,
        Faulty,
    }

    public readonly bool Done => _state == State.Done;

    public readonly bool Faulty => _state == State.Faulty;

    /// <summary>Goes on through these bytes; returns how many belong to the body.</summary>
    /// <param name="input">As they come.</param>
    /// <param name="payload">Takes the content without its chunks, where there is room for it; empty: not wanted.</param>
    /// <param name="payloadLength">How much was taken.</param>
    public int Scan(ReadOnlySpan<byte> input, Span<byte> payload, out int payloadLength)
    {
        payloadLength = 0;
        var at = 0;
        while (at < input.Length && _state < State.Done)
        {
            if (_state == State.Data)
            {
                var count = (int)Math.Min(_left, input.Length - at);
                if (!payload.IsEmpty)
                {
                    input.Slice(at, count).CopyTo(payload[payloadLength..]);
                    payloadLength += count;
                }

                at += count;
                _left -= count;
                _state = _left == 0 ? State.DataReturn : State.Data;
            }
            else
            {
                _state = Next(input[at++]);
            }
        }

        return at;
    }

    private static int Digit(byte b) => b switch
    {
        >= (byte)'0' and <= (byte)'9' => b - '0',
        >= (byte)'a' and <= (byte)'f' => b - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => b - 'A' + 10,
        _ => -1,
    };

    private static bool IsText(byte b) => b is (byte)'\t' or (>= 0x20 and not 0x7f);

    private State Next(byte b) => _state switch
    {
        State.Size => Size(b),
        State.Extension => b == '\r' ? State.SizeEnd : IsText(b) && ++_seen <= LongestLine ? State.Extension : State.Faulty,
        State.SizeEnd => b == '\n' ? AfterSize() : State.Faulty,
        State.DataReturn => b == '\r' ? State.DataEnd : State.Faulty,
        State.DataEnd => b == '\n' ? State.Size : State.Faulty,
        State.LastEnd => b == '\n' ? State.Done : State.Faulty,
        _ => Trailer(b),
    };

    private State Size(byte b)
    {
        if (Digit(b) is >= 0 and var digit)
        {
            _left = (_left << 4) | (uint)digit;
            return ++_seen <= MostDigits ? State.Size : State.Faulty;
        }

        return _seen == 0 ? State.Faulty
            : b == '\r' ? State.SizeEnd
            : b is (byte)';' or (byte)' ' or (byte)'\t' ? State.Extension
            : State.Faulty;
    }

    private State AfterSize()
    {
        _seen = 0;
        return _left == 0 ? State.LineStart : State.Data;
    }

    private State Trailer(byte b)
    {
        if (++_seen > LongestTrailers)
        {
            return State.Faulty;
        }

        switch (_state)
        {
            case State.LineStart when b == '\r':
                return State.LastEnd;
            case State.LineStart or State.TrailerName when b == ':':
                return _named ? TrailerValue() : State.Faulty;
            case State.LineStart or State.TrailerName:
                _named = FieldSection.IsToken([b]);
                return _named ? State.TrailerName : State.Faulty;
            case State.TrailerValue:
                return b == '\r' ? State.TrailerEnd : IsText(b) ? State.TrailerValue : State.Faulty;
            default:
                return b == '\n' ? State.LineStart : State.Faulty;
        }
    }

    private State TrailerValue()
    {
        _named = false;
        return State.TrailerValue;
    }
}
