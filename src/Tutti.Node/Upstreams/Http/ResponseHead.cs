namespace Tutti.Node.Upstreams.Http;

/// <summary>Status line and header fields of one response. Used again for the next.</summary>
internal sealed class ResponseHead
{
    private int _lineEnd;

    public FieldSection Fields { get; } = new();

    /// <summary>Bytes of the head with its empty line.</summary>
    public int Length { get; private set; }

    public int Status { get; private set; }

    /// <summary>The provider's connection can be used again.</summary>
    public bool KeepAlive { get; private set; }

    /// <summary>Reads a head that is complete; null: it is well, else what is wrong.</summary>
    public string? Read(ReadOnlySpan<byte> head)
    {
        Length = head.Length;
        _lineEnd = head.IndexOf("\r\n"u8);
        var line = head[.._lineEnd];
        if (line.Length < 12 || !line.StartsWith("HTTP/1."u8) || line[7] is < (byte)'0' or > (byte)'9' || line[8] != ' '
            || line[9..12].ContainsAnyExceptInRange((byte)'0', (byte)'9') || line[9] == '0'
            || (line.Length > 12 && line[12] != ' ') || line.ContainsAnyInRange((byte)0, (byte)8) || line.ContainsAnyInRange((byte)10, (byte)31))
        {
            return "the answer does not begin with HTTP/1.1 and a status";
        }

        Status = ((line[9] - '0') * 100) + ((line[10] - '0') * 10) + line[11] - '0';
        Fields.Read(head[..^2], _lineEnd + 2);
        var old = line[7] == '0';
        KeepAlive = old ? Fields.KeepAlive && !Fields.Close : !Fields.Close;
        return Fields.Problem is { } problem ? $"the answer {problem}"
            : Fields.HasTransferEncoding && old ? "the answer has a Transfer-Encoding, which HTTP/1.0 does not know"
            : null;
    }

    /// <summary>Writes the head as the consumer gets it; returns how many bytes.</summary>
    /// <param name="head">As it came.</param>
    /// <param name="into">Where to.</param>
    /// <param name="close">The consumer is told that its connection ends with this answer.</param>
    /// <param name="unchunked">The body is passed on without its chunks.</param>
    public int Write(ReadOnlySpan<byte> head, Span<byte> into, bool close, bool unchunked)
    {
        var at = Put(into, "HTTP/1.1"u8);
        at += Put(into[at..], head[8..(_lineEnd + 2)]);
        at += Fields.Write(head[..^2], _lineEnd + 2, into[at..], unchunked);
        if (Status == 101)
        {
            at += Put(into[at..], "Connection: Upgrade\r\nUpgrade: "u8);
            at += Put(into[at..], head[Fields.Upgrade]);
            at += Put(into[at..], "\r\n"u8);
        }
        else if (close)
        {
            at += Put(into[at..], "Connection: close\r\n"u8);
        }

        return at + Put(into[at..], "\r\n"u8);
    }

    private static int Put(Span<byte> into, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(into);
        return bytes.Length;
    }
}
