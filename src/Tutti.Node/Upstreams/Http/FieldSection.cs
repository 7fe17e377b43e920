using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Tutti.Node.Upstreams.Http;

/// <summary>The header fields of one message, read strictly (RFC 9112, section 5), and what they say about framing and the connection. Used again for every message.</summary>
internal sealed class FieldSection
{
    private static readonly SearchValues<byte> _tokenBytes =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"u8);

    /// <summary>Control characters but the tab; a lone CR or LF is one of them.</summary>
    private static readonly SearchValues<byte> _controls = SearchValues.Create(
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 127]);

    private readonly List<(int Start, int End)> _drops = [];
    private readonly List<(int Start, int End)> _named = [];
    private (int Start, int End) _transferEncodingLine;
    private bool _teNamed;
    private bool _upgradeNamed;

    /// <summary>What is wrong, in words that go on after "the message"; null: nothing.</summary>
    public string? Problem { get; private set; }

    /// <summary>-1: not given.</summary>
    public long ContentLength { get; private set; }

    /// <summary>Any transfer coding.</summary>
    public bool HasTransferEncoding { get; private set; }

    /// <summary>Chunked is the last one.</summary>
    public bool ChunkedLast { get; private set; }

    /// <summary>Chunked is the only one.</summary>
    public bool ChunkedOnly { get; private set; }

    public int Hosts { get; private set; }

    public bool Close { get; private set; }

    public bool KeepAlive { get; private set; }

    public bool ExpectsContinue { get; private set; }

    /// <summary>Where the protocol stands that the connection is to go over to; empty: none, or one that is not passed on (h2c).</summary>
    public Range Upgrade { get; private set; }

    public bool HasUpgrade { get; private set; }

    /// <summary>The consumer takes trailers, and says so for this connection.</summary>
    public bool TakesTrailers { get; private set; }

    /// <summary>Reads the lines from <paramref name="start"/> to the end, which is that of the last line's CRLF.</summary>
    public void Read(ReadOnlySpan<byte> head, int start)
    {
        Reset();
        var at = start;
        while (at < head.Length)
        {
            var length = head[at..].IndexOf((byte)'\n');
            var line = head.Slice(at, length + 1);
            if (length < 1 || line[length - 1] != '\r')
            {
                Problem = "has a line that does not end with CR LF";
                return;
            }

            ReadLine(head, line[..(length - 1)], at, at + length + 1);
            if (Problem is not null)
            {
                return;
            }

            at += length + 1;
        }

        Conclude(head, start);
    }

    /// <summary>Writes the lines that go on to the other side; returns how many bytes.</summary>
    public int Write(ReadOnlySpan<byte> head, int start, Span<byte> into, bool withoutTransferEncoding = false)
    {
        if (withoutTransferEncoding && HasTransferEncoding)
        {
            Drop(_transferEncodingLine);
        }

        int from = start, written = 0;
        foreach (var (dropStart, dropEnd) in _drops)
        {
            head[from..dropStart].CopyTo(into[written..]);
            written += dropStart - from;
            from = dropEnd;
        }

        head[from..].CopyTo(into[written..]);
        return written + head.Length - from;
    }

    /// <summary>Whether these bytes are a token of RFC 9110, section 5.6.2.</summary>
    public static bool IsToken(ReadOnlySpan<byte> bytes) => !bytes.IsEmpty && !bytes.ContainsAnyExcept(_tokenBytes);

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> value) => value.Trim(" \t"u8);

    private void Reset()
    {
        _drops.Clear();
        _named.Clear();
        Problem = null;
        ContentLength = -1;
        HasTransferEncoding = ChunkedLast = ChunkedOnly = false;
        Close = KeepAlive = ExpectsContinue = HasUpgrade = TakesTrailers = false;
        _teNamed = _upgradeNamed = false;
        Hosts = 0;
        Upgrade = default;
    }

    private void ReadLine(ReadOnlySpan<byte> head, ReadOnlySpan<byte> line, int start, int end)
    {
        var colon = line.IndexOf((byte)':');
        if (colon < 0 || !IsToken(line[..colon]))
        {
            Problem = line.Length > 0 && line[0] is (byte)' ' or (byte)'\t' ? "folds a header field over two lines" : "has a header field whose name is none";
            return;
        }

        if (line[(colon + 1)..].ContainsAny(_controls))
        {
            Problem = $"has a control character in the header field {Encoding.ASCII.GetString(line[..colon])}";
            return;
        }

        // Few lengths are of interest, so most lines end here.
        if (colon is 2 or 4 or 6 or 7 or 10 or 14 or 16 or 17)
        {
            ReadKnown(line[..colon], Trim(line[(colon + 1)..]), head, (start, end));
        }
    }

    private void ReadKnown(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ReadOnlySpan<byte> head, (int Start, int End) line)
    {
        switch (name.Length)
        {
            case 2 when Ascii.EqualsIgnoreCase(name, "te"u8):
                TakesTrailers |= Ascii.EqualsIgnoreCase(value, "trailers"u8);
                Drop(line);
                break;
            case 4 when Ascii.EqualsIgnoreCase(name, "host"u8):
                Hosts++;
                break;
            case 6 when Ascii.EqualsIgnoreCase(name, "expect"u8):
                ExpectsContinue |= Ascii.EqualsIgnoreCase(value, "100-continue"u8);
                break;
            case 7 when Ascii.EqualsIgnoreCase(name, "upgrade"u8):
                head.Overlaps(value, out var offset);
                Upgrade = new Range(offset, offset + value.Length);
                HasUpgrade = !value.IsEmpty && !Ascii.EqualsIgnoreCase(value, "h2c"u8);
                Drop(line);
                break;
            case 10 when Ascii.EqualsIgnoreCase(name, "connection"u8):
                ReadConnection(head, value);
                Drop(line);
                break;
            case 10 when Ascii.EqualsIgnoreCase(name, "keep-alive"u8):
            case 14 when Ascii.EqualsIgnoreCase(name, "http2-settings"u8):
            case 16 when Ascii.EqualsIgnoreCase(name, "proxy-connection"u8):
                Drop(line);
                break;
            case 14 when Ascii.EqualsIgnoreCase(name, "content-length"u8):
                ReadLength(value);
                break;
            case 17 when Ascii.EqualsIgnoreCase(name, "transfer-encoding"u8):
                ReadCodings(value, line);
                break;
        }
    }

    private void ReadLength(ReadOnlySpan<byte> value)
    {
        const int MostDigits = 18;
        if (ContentLength >= 0)
        {
            Problem = "has several Content-Length";
        }
        else if (value.IsEmpty || value.Length > MostDigits || value.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            || !Utf8Parser.TryParse(value, out long length, out _))
        {
            Problem = "has a Content-Length that is not a number";
        }
        else
        {
            ContentLength = length;
        }
    }

    private void ReadCodings(ReadOnlySpan<byte> value, (int Start, int End) line)
    {
        if (HasTransferEncoding)
        {
            Problem = "has several Transfer-Encoding";
            return;
        }

        HasTransferEncoding = true;
        _transferEncodingLine = line;
        ChunkedOnly = Ascii.EqualsIgnoreCase(value, "chunked"u8);
        ChunkedLast = ChunkedOnly || Ascii.EqualsIgnoreCase(Trim(value[(value.LastIndexOf((byte)',') + 1)..]), "chunked"u8);
    }

    private void ReadConnection(ReadOnlySpan<byte> head, ReadOnlySpan<byte> value)
    {
        head.Overlaps(value, out var offset);
        foreach (var part in value.Split((byte)','))
        {
            var option = Trim(value[part]);
            if (Ascii.EqualsIgnoreCase(option, "close"u8))
            {
                Close = true;
            }
            else if (Ascii.EqualsIgnoreCase(option, "keep-alive"u8))
            {
                KeepAlive = true;
            }
            else if (Ascii.EqualsIgnoreCase(option, "te"u8))
            {
                _teNamed = true;
            }
            else if (IsToken(option) && !Ascii.EqualsIgnoreCase(option, "upgrade"u8))
            {
                value.Overlaps(option, out var within);
                _named.Add((offset + within, offset + within + option.Length));
            }
            else if (Ascii.EqualsIgnoreCase(option, "upgrade"u8))
            {
                _upgradeNamed = true;
            }
        }
    }

    private void Conclude(ReadOnlySpan<byte> head, int start)
    {
        HasUpgrade &= _upgradeNamed;
        TakesTrailers &= _teNamed;
        if (HasTransferEncoding && ContentLength >= 0)
        {
            Problem = "has both Transfer-Encoding and Content-Length";
        }
        else if (_named.Count > 0)
        {
            DropNamed(head, start);
        }
    }

    /// <summary>Fields that Connection names are for this connection only. What frames and addresses the message is not, whatever it names.</summary>
    private void DropNamed(ReadOnlySpan<byte> head, int start)
    {
        for (var at = start; at < head.Length;)
        {
            var end = at + head[at..].IndexOf((byte)'\n') + 1;
            var name = head.Slice(at, head[at..].IndexOf((byte)':'));
            if (!Ascii.EqualsIgnoreCase(name, "host"u8) && !Ascii.EqualsIgnoreCase(name, "content-length"u8) && !Ascii.EqualsIgnoreCase(name, "transfer-encoding"u8))
            {
                foreach (var (namedStart, namedEnd) in _named)
                {
                    if (Ascii.EqualsIgnoreCase(name, head[namedStart..namedEnd]))
                    {
                        Drop((at, end));
                        break;
                    }
                }
            }

            at = end;
        }
    }

    private void Drop((int Start, int End) line)
    {
        var at = _drops.Count;
        while (at > 0 && _drops[at - 1].Start >= line.Start)
        {
            at--;
        }

        if (at == _drops.Count || _drops[at].Start != line.Start)
        {
            _drops.Insert(at, line);
        }
    }
}
