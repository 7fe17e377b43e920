using System.Net;
using System.Runtime.InteropServices;
using Tutti.Node.Runtimes;

namespace Tutti.Node.Upstreams.Loops;

/// <summary>A TCP connection on a loop. Edge-triggered: it is registered once, and asked only when the kernel has said that there is something.</summary>
internal sealed class LoopSocket : IPollable
{
    public const int WouldBlock = -1;
    public const int Broken = -2;

    private const uint Out = 0x4;
    private const uint Error = 0x8;
    private const uint PeerEnded = 0x2000;
    private const uint EdgeTriggered = 1u << 31;

    private readonly long _key;
    private readonly SendBacklog _backlog = new();
    private int _descriptor;
    private bool _readable;
    private bool _peerEnded;
    private bool _connecting;
    private Action? _reader;
    private Action? _writer;

    private LoopSocket(EventLoop loop, int descriptor, bool connecting)
    {
        (Loop, _descriptor, _connecting, _readable) = (loop, descriptor, connecting, !connecting);
        try
        {
            _key = loop.Add(descriptor, Libc.EpollIn | Out | PeerEnded | EdgeTriggered, this);
        }
        catch (IOException)
        {
            _ = Libc.Close(descriptor);
            throw;
        }
    }

    public EventLoop Loop { get; }

    /// <summary>Told of every event; null for nobody.</summary>
    public ISocketWatcher? Watcher { get; set; }

    public bool Closed => _descriptor < 0;

    /// <summary>Bytes the kernel has taken.</summary>
    public long SentBytes { get; private set; }

    /// <summary>Completes when something can be received, or the end, or it is closed.</summary>
    public ReadableWait Readable => new(this);

    /// <summary>Completes when nothing kept is left to send, or it is closed.</summary>
    public FlushedWait Flushed => new(this);

    /// <summary>Whether there is no use in waiting for something to receive.</summary>
    internal bool MayReceive => _readable || Closed;

    /// <summary>Whether there is no use in waiting to send.</summary>
    internal bool MaySend => Closed || (_backlog.IsEmpty && !_connecting);

    /// <summary>Takes over a connection that was accepted.</summary>
    public static LoopSocket Accepted(EventLoop loop, int descriptor)
    {
        SocketCalls.SendAtOnce(descriptor);
        return new LoopSocket(loop, descriptor, connecting: false);
    }

    /// <summary>Connects; null where it was refused or took too long.</summary>
    public static async ValueTask<LoopSocket?> ConnectAsync(EventLoop loop, IPEndPoint to, TimeSpan timeout)
    {
        var descriptor = SocketCalls.Connect(to, out var done);
        if (descriptor < 0)
        {
            return null;
        }

        LoopSocket socket;
        try
        {
            socket = new LoopSocket(loop, descriptor, connecting: !done);
        }
        catch (IOException)
        {
            return null; // The kernel watches no more sockets: no connection, as with one that is refused.
        }

        if (!done)
        {
            var late = loop.After(timeout, () => socket.Close());
            await socket.Flushed;
            late.Cancel();
            if (socket.Closed || SocketCalls.PendingError(descriptor) != 0)
            {
                socket.Close();
                return null;
            }
        }

        return socket;
    }

    /// <summary>Receives what is there: a count, 0 for the end of the other side, <see cref="WouldBlock"/> or <see cref="Broken"/>.</summary>
    public unsafe int Receive(Span<byte> into)
    {
        while (_descriptor >= 0)
        {
            nint count;
            fixed (byte* buffer = into)
            {
                count = SocketCalls.Receive(_descriptor, buffer, into.Length, 0);
            }

            if (count >= 0)
            {
                // A short read means that all was taken (epoll(7)), unless the end is still to be read.
                _readable = count == into.Length || _peerEnded;
                return (int)count;
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case SocketCalls.Interrupted:
                    continue;
                case SocketCalls.Again:
                    _readable = false;
                    return WouldBlock;
                default:
                    return Broken;
            }
        }

        return Broken;
    }

    /// <summary>Whether nothing has come in and nothing has ended on a connection that rests. Asks the kernel.</summary>
    public unsafe bool IsQuiet()
    {
        byte one;
        return _descriptor >= 0 && SocketCalls.Receive(_descriptor, &one, 1, SocketCalls.Peek) < 0
            && Marshal.GetLastPInvokeError() == SocketCalls.Again;
    }

    /// <summary>Sends what the kernel takes at once and keeps a copy of the rest.</summary>
    public SendOutcome Send(ReadOnlySpan<byte> bytes)
    {
        if (_backlog.IsEmpty)
        {
            var sent = TrySend(bytes);
            if (sent < 0)
            {
                return SendOutcome.Broken;
            }

            bytes = bytes[sent..];
            if (bytes.IsEmpty)
            {
                return SendOutcome.Sent;
            }
        }

        _backlog.Keep(bytes);
        return SendOutcome.Kept;
    }

    /// <summary>Ends this side's direction; what is kept has to have been sent.</summary>
    public void EndSending()
    {
        if (_descriptor >= 0)
        {
            SocketCalls.EndSending(_descriptor);
        }
    }

    /// <summary>Closes it. Whoever awaits something of it goes on, after what runs now.</summary>
    /// <param name="reset">The other side is to see it broken.</param>
    public void Close(bool reset = false)
    {
        if (_descriptor < 0)
        {
            return;
        }

        if (reset)
        {
            SocketCalls.ResetOnClose(_descriptor);
        }

        Loop.Remove(_key);
        _ = Libc.Close(_descriptor);
        _descriptor = -1;
        Watcher = null;
        _backlog.Clear();
        Wake(ref _reader);
        Wake(ref _writer);
    }

    /// <summary>Who goes on when something can be received; one at a time.</summary>
    internal void WhenReadable(Action continuation) => _reader = continuation;

    /// <summary>Who goes on when everything is sent; one at a time.</summary>
    internal void WhenFlushed(Action continuation) => _writer = continuation;

    /// <summary>Lets whoever awaits something to read go on without it.</summary>
    public void WakeReader() => Wake(ref _reader);

    void IPollable.OnEvents(uint events)
    {
        var hungUp = (events & (Error | Libc.EpollHangUp)) != 0;
        _peerEnded |= hungUp || (events & PeerEnded) != 0;
        if (hungUp || (events & Out) != 0)
        {
            _connecting = false;
            Flush();
        }

        if (hungUp || (events & (Libc.EpollIn | PeerEnded)) != 0)
        {
            _readable = true;
            Watcher?.OnSocket(this, hungUp);
            if (_reader is { } reader)
            {
                _reader = null;
                reader();
            }
        }
    }

    private void Flush()
    {
        if (!_backlog.IsEmpty)
        {
            var sent = TrySend(_backlog.Span);
            if (sent < 0)
            {
                Close(); // Its writer goes on and sees that.
                return;
            }

            _backlog.Use(sent);
            if (!_backlog.IsEmpty)
            {
                return;
            }
        }

        if (_writer is { } writer)
        {
            _writer = null;
            writer();
        }
    }

    private void Wake(ref Action? waiter)
    {
        if (waiter is { } continuation)
        {
            waiter = null;
            Loop.Soon(continuation);
        }
    }

    private unsafe int TrySend(ReadOnlySpan<byte> bytes)
    {
        var sent = 0;
        fixed (byte* start = bytes)
        {
            while (sent < bytes.Length)
            {
                if (_descriptor < 0)
                {
                    return -1;
                }

                var count = SocketCalls.Send(_descriptor, start + sent, bytes.Length - sent, SocketCalls.NoSignal);
                if (count >= 0)
                {
                    sent += (int)count;
                    SentBytes += count;
                    continue;
                }

                switch (Marshal.GetLastPInvokeError())
                {
                    case SocketCalls.Interrupted:
                        continue;
                    case SocketCalls.Again:
                        return sent;
                    default:
                        return -1;
                }
            }
        }

        return sent;
    }
}
