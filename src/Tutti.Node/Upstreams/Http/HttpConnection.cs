using Tutti.Node.Upstreams.Loops;

namespace Tutti.Node.Upstreams.Http;

/// <summary>One connection of a consumer that speaks HTTP/1.1: its requests one after the other, each to the provider chosen for it.</summary>
internal sealed class HttpConnection : ISocketWatcher
{
    /// <summary>Longest head of a request or an answer, in bytes.</summary>
    public const int LongestHead = BufferStack.Bytes;

    /// <summary>How long a connection that is to end waits for the consumer to end it, so that it reads the last answer first.</summary>
    private static readonly TimeSpan _linger = TimeSpan.FromSeconds(1);

    private readonly UpstreamListener _listener;
    private readonly LoopSocket _consumer;
    private readonly ByteWindow _window;
    private readonly HttpExchange _exchange;
    private readonly RequestHead _request = new();
    private bool _first = true;

    public HttpConnection(UpstreamListener listener, LoopSocket consumer)
    {
        (_listener, _consumer) = (listener, consumer);
        _window = new ByteWindow(consumer.Loop);
        _exchange = new HttpExchange(listener, consumer, _window, _request);
    }

    private enum Found
    {
        Head,
        Http2,
        End,
        TooLarge,
        BareLineFeeds,
    }

    /// <summary>Serves it to its end. The connection is closed afterwards.</summary>
    public async Task RunAsync()
    {
        _consumer.Watcher = this;
        while (true)
        {
            var refusal = (Refusal?)null;
            switch (await ReadHeadAsync())
            {
                case Found.End:
                    _consumer.Close();
                    return;
                case Found.Http2:
                    _consumer.Watcher = null;
                    await new Tunnel(_listener, _consumer, _window).RunAsync();
                    return;
                case Found.TooLarge:
                    refusal = Refusal.TooLarge(LongestHead, line: _window.Span.IndexOf((byte)'\n') < 0);
                    break;
                case Found.BareLineFeeds:
                    refusal = Refusal.Malformed("the request has a line that does not end with CR LF");
                    break;
                case Found.Head:
                    refusal = _request.Read(_window.Span[..HeadLength()]);
                    break;
            }

            _first = false;
            if (refusal is not null)
            {
                _consumer.Send(refusal.Response(withBody: true, close: true));
                break;
            }

            if (!await _exchange.RunAsync())
            {
                break;
            }
        }

        await EndAsync();
    }

    void ISocketWatcher.OnSocket(LoopSocket socket, bool hungUp)
    {
        if (hungUp)
        {
            _exchange.ConsumerLeft();
        }
    }

    private int HeadLength() => _window.Span.IndexOf("\r\n\r\n"u8) + 4;

    private async ValueTask<Found> ReadHeadAsync()
    {
        var searched = 0;
        while (true)
        {
            if (_window.Length > searched && Search(ref searched) is { } found)
            {
                return found;
            }

            await _consumer.Readable;
            var count = _window.Fill(_consumer);
            if (count is 0 or LoopSocket.Broken)
            {
                return Found.End;
            }
        }
    }

    /// <summary>Looks for the end of the head in what has come since the last look.</summary>
    private Found? Search(ref int searched)
    {
        while (_window.Span.StartsWith("\r\n"u8))
        {
            _window.Use(2); // RFC 9112, section 2.2: some clients send an empty line too much.
            searched = 0;
        }

        var bytes = _window.Span;
        var from = Math.Max(0, searched - 3);
        if (bytes[from..].IndexOf("\r\n\r\n"u8) >= 0)
        {
            return _first && RequestHead.IsHttp2(bytes) ? Found.Http2 : Found.Head;
        }

        if (bytes[from..].IndexOf("\n\n"u8) >= 0)
        {
            return Found.BareLineFeeds;
        }

        searched = bytes.Length;
        return _window.Full ? Found.TooLarge : null;
    }

    /// <summary>Ends this side first: a close with something unread would take back the answer that was just sent.</summary>
    private async Task EndAsync()
    {
        const int MostUnread = 1 << 20;
        await _consumer.Flushed;
        _consumer.EndSending();
        _window.Clear();
        var late = _consumer.Loop.After(_linger, () => _consumer.Close());
        for (var unread = 0; unread < MostUnread && !_consumer.Closed;)
        {
            await _consumer.Readable;
            var count = _consumer.Receive(_consumer.Loop.Scratch);
            if (count is 0 or LoopSocket.Broken)
            {
                break;
            }

            unread += Math.Max(0, count);
        }

        late.Cancel();
        _consumer.Close();
    }
}
