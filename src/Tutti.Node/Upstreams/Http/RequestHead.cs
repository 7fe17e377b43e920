using System.Text;

namespace Tutti.Node.Upstreams.Http;

/// <summary>Request line and header fields of one request. Used again for the next.</summary>
internal sealed class RequestHead
{
    /// <summary>What the client that speaks HTTP/2 without asking begins with (RFC 9113, section 3.4).</summary>
    private static ReadOnlySpan<byte> Http2Preface => "PRI * HTTP/2.0\r\n\r\n"u8;

    private int _lineEnd;
    private int _targetEnd;

    public FieldSection Fields { get; } = new();

    /// <summary>Bytes of the head with its empty line.</summary>
    public int Length { get; private set; }

    /// <summary>Twice does what once does (RFC 9110, section 9.2.2).</summary>
    public bool Idempotent { get; private set; }

    public bool IsHead { get; private set; }

    /// <summary>HTTP/1.0.</summary>
    public bool Old { get; private set; }

    /// <summary>The connection stays open afterwards as far as the consumer is concerned.</summary>
    public bool KeepAlive { get; private set; }

    public bool HasBody => Fields.HasTransferEncoding || Fields.ContentLength > 0;

    /// <summary>Whether this is not a request but the beginning of HTTP/2.</summary>
    public static bool IsHttp2(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Http2Preface);

    /// <summary>Reads a head that is complete; null: it is well.</summary>
    public Refusal? Read(ReadOnlySpan<byte> head)
    {
        Length = head.Length;
        _lineEnd = head.IndexOf("\r\n"u8);
        var line = head[.._lineEnd];
        var methodEnd = line.IndexOf((byte)' ');
        _targetEnd = line.LastIndexOf((byte)' ');
        if (methodEnd <= 0 || _targetEnd <= methodEnd + 1 || !FieldSection.IsToken(line[..methodEnd])
            || line[(methodEnd + 1).._targetEnd].ContainsAnyExceptInRange((byte)'!', (byte)'~'))
        {
            return Refusal.Malformed("the request line is not METHOD TARGET HTTP/1.1");
        }

        var version = line[(_targetEnd + 1)..];
        if (!version.StartsWith("HTTP/1."u8) || version.Length != 8 || version[7] is < (byte)'0' or > (byte)'9')
        {
            return version.Length == 8 && version.StartsWith("HTTP/"u8)
                ? new Refusal(505, "version-not-supported", "HTTP version not supported", $"upstreams speak HTTP/1.1 and 1.0, not {Encoding.ASCII.GetString(version)}")
                : Refusal.Malformed("the request line is not METHOD TARGET HTTP/1.1");
        }

        Old = version[7] == '0';
        if (ReadMethod(line[..methodEnd]) is { } refusal)
        {
            return refusal;
        }

        Fields.Read(head[..^2], _lineEnd + 2);
        KeepAlive = !Old && !Fields.Close;
        return Check();
    }

    /// <summary>Writes the head as the provider gets it; returns how many bytes.</summary>
    public int Write(ReadOnlySpan<byte> head, Span<byte> into, string provider)
    {
        head[..(_targetEnd + 1)].CopyTo(into);
        var at = _targetEnd + 1;
        at += Put(into[at..], "HTTP/1.1\r\n"u8);
        at += Fields.Write(head[..^2], _lineEnd + 2, into[at..]);
        if (Fields.Hosts == 0)
        {
            // Only HTTP/1.0 may go without, and we do not speak that.
            at += Put(into[at..], "Host: "u8);
            at += Encoding.ASCII.GetBytes(provider, into[at..]);
            at += Put(into[at..], "\r\n"u8);
        }

        if (Fields.HasUpgrade)
        {
            at += Put(into[at..], "Connection: Upgrade\r\nUpgrade: "u8);
            at += Put(into[at..], head[Fields.Upgrade]);
            at += Put(into[at..], "\r\n"u8);
        }
        else if (Fields.TakesTrailers)
        {
            at += Put(into[at..], "Connection: TE\r\nTE: trailers\r\n"u8);
        }

        return at + Put(into[at..], "\r\n"u8);
    }

    private static int Put(Span<byte> into, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(into);
        return bytes.Length;
    }

    private Refusal? ReadMethod(ReadOnlySpan<byte> method)
    {
        IsHead = method.SequenceEqual("HEAD"u8);
        Idempotent = IsHead || method.SequenceEqual("GET"u8) || method.SequenceEqual("PUT"u8) || method.SequenceEqual("DELETE"u8)
            || method.SequenceEqual("OPTIONS"u8) || method.SequenceEqual("TRACE"u8);
        return method.SequenceEqual("CONNECT"u8)
            ? new Refusal(501, "connect-refused", "CONNECT is not for upstreams", "an upstream leads to one service and is no way to other hosts; send requests to it as to the service itself")
            : null;
    }

    private Refusal? Check()
    {
        if (Fields.Problem is { } problem)
        {
            return Refusal.Malformed($"the request {problem}");
        }

        if (Fields.Hosts > 1 || (Fields.Hosts == 0 && !Old))
        {
            return Refusal.Malformed(Fields.Hosts > 1 ? "the request has several Host" : "the request has no Host");
        }

        if (Fields.HasTransferEncoding && Old)
        {
            return Refusal.Malformed("the request has a Transfer-Encoding, which HTTP/1.0 does not know");
        }

        return Fields.HasTransferEncoding && !Fields.ChunkedOnly
            ? new Refusal(501, "transfer-coding", "Transfer coding not supported", "upstreams know the transfer coding chunked alone")
            : null;
    }
}
