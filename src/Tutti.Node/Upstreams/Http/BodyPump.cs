using Tutti.Node.Upstreams.Loops;
using Tutti.Node.Upstreams.Traffic;

namespace Tutti.Node.Upstreams.Http;

/// <summary>How the passing on of a body ended.</summary>
internal enum PumpOutcome
{
    /// <summary>All of it was passed on.</summary>
    Done,

    /// <summary>It ended before its end.</summary>
    SourceBroken,

    /// <summary>Its chunks are not well-formed.</summary>
    SourceFaulty,

    /// <summary>The other side takes no more.</summary>
    SinkBroken,

    /// <summary>Nobody wants it any more.</summary>
    Abandoned,
}

/// <summary>Passes one body on as it comes in, and takes no more of it than the other side takes.</summary>
/// <param name="loop">Where both connections are.</param>
/// <param name="toProvider">The direction, for the counts.</param>
internal sealed class BodyPump(EventLoop loop, bool toProvider)
{
    /// <summary>So many pieces may follow each other before other connections have their turn.</summary>
    private const int PiecesPerTurn = 16;

    private BodyReader _body;
    private bool _unchunk;
    private bool _abandoned;
    private LoopSocket? _from;

    /// <summary>Whether the body is at its end.</summary>
    public bool Done => _body.Done;

    /// <summary>Whether its chunks were found not to be well-formed.</summary>
    public bool Faulty => _body.Faulty;

    /// <summary>Prepares it for another body.</summary>
    public void Begin(BodyReader body, bool unchunk = false) => (_body, _unchunk, _abandoned) = (body, unchunk, false);

    /// <summary>Stops it where it waits for more to come in.</summary>
    public void Abandon()
    {
        _abandoned = true;
        _from?.WakeReader();
    }

    /// <summary>Puts what is already here into a message that is being put together; returns how many bytes.</summary>
    public int TakeInto(Span<byte> into, ByteWindow window)
    {
        if (window.Length == 0)
        {
            return 0;
        }

        var used = _body.Take(window.Span, _unchunk ? into : [], out var written);
        if (!_unchunk)
        {
            window.Span[..used].CopyTo(into);
            written = used;
        }

        window.Use(used);
        return written;
    }

    /// <summary>Passes on all that is already here.</summary>
    public void PassOn(ByteWindow window, LoopSocket to, TrafficCounters counters)
    {
        Send(to, window.Span, counters); // Where it is broken, the next piece finds out.
        window.Clear();
    }

    /// <summary>Passes on the rest. What follows the body stays in the window.</summary>
    public async Task<PumpOutcome> RunAsync(LoopSocket from, ByteWindow window, LoopSocket to, TrafficCounters counters)
    {
        _from = from;
        var pieces = 0;
        while (!_body.Done)
        {
            await from.Readable;
            if (_abandoned)
            {
                return PumpOutcome.Abandoned;
            }

            var (count, outcome) = _body.MayReadOver ? PassWindow(from, window, to, counters) : PassThrough(from, to, counters);
            if (_body.Faulty)
            {
                return PumpOutcome.SourceFaulty;
            }

            if (count is 0 or LoopSocket.Broken)
            {
                return count == 0 && _body.EndsWithConnection ? PumpOutcome.Done : PumpOutcome.SourceBroken;
            }

            if (outcome == SendOutcome.Kept)
            {
                await to.Flushed;
            }

            if (outcome == SendOutcome.Broken || to.Closed)
            {
                return PumpOutcome.SinkBroken;
            }

            if (++pieces == PiecesPerTurn)
            {
                pieces = 0;
                await loop.Enter();
            }
        }

        return PumpOutcome.Done;
    }

    private (int Count, SendOutcome Outcome) PassThrough(LoopSocket from, LoopSocket to, TrafficCounters counters)
    {
        var room = loop.Scratch.AsSpan(0, _body.Limit(EventLoop.ScratchBytes));
        var count = from.Receive(room);
        if (count <= 0)
        {
            return (count, SendOutcome.Sent);
        }

        _body.Take(room[..count]);
        return (count, Send(to, room[..count], counters));
    }

    private (int Count, SendOutcome Outcome) PassWindow(LoopSocket from, ByteWindow window, LoopSocket to, TrafficCounters counters)
    {
        var count = window.Fill(from);
        if (count <= 0)
        {
            return (count, SendOutcome.Sent);
        }

        var written = TakeInto(loop.Assembly, window);
        return (count, Send(to, loop.Assembly.AsSpan(0, written), counters));
    }

    private SendOutcome Send(LoopSocket to, ReadOnlySpan<byte> bytes, TrafficCounters counters)
    {
        if (toProvider)
        {
            counters.Sent(bytes.Length);
        }
        else
        {
            counters.Received(bytes.Length);
        }

        return to.Send(bytes);
    }
}
