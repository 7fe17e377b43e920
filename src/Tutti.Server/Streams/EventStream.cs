using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Tutti.Server.Streams;

/// <summary>One watcher: a bounded queue of frames in front of its own connection, so that it can hold up nobody else.</summary>
internal sealed class EventStream(HttpContext context)
{
    /// <summary>Bytes that may wait; a watcher further behind is cut off, to resume or read afresh. Enough for one batch that moves
    /// thousands of instances; watchers share the bytes themselves.</summary>
    public const int MostQueuedBytes = 8 << 20;

    private readonly Channel<ReadOnlyMemory<byte>> _frames = Channel.CreateUnbounded<ReadOnlyMemory<byte>>(new UnboundedChannelOptions { SingleReader = true });
    private int _queuedBytes;

    /// <summary>Queues a frame. False: the stream has ended, or has been ended because its watcher is too slow.</summary>
    public bool TrySend(ReadOnlyMemory<byte> frame)
    {
        if (Interlocked.Add(ref _queuedBytes, frame.Length) <= MostQueuedBytes)
        {
            return _frames.Writer.TryWrite(frame);
        }

        if (_frames.Writer.TryComplete())
        {
            context.Abort();
        }

        return false;
    }

    /// <summary>Ends the stream after what is queued.</summary>
    public void End() => _frames.Writer.TryComplete();

    /// <summary>Writes the first frames, then whatever is queued, until the stream ends or its watcher leaves.</summary>
    public async Task RunAsync(IEnumerable<ReadOnlyMemory<byte>> first)
    {
        var response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache, no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        var left = context.RequestAborted;
        try
        {
            await response.StartAsync(left);
            foreach (var frame in first)
            {
                await response.BodyWriter.WriteAsync(frame, left);
            }

            await response.BodyWriter.FlushAsync(left);
            while (await _frames.Reader.WaitToReadAsync(left))
            {
                while (_frames.Reader.TryRead(out var frame))
                {
                    // Each write waits while the connection takes no more, so that the queue alone holds what is behind.
                    await response.BodyWriter.WriteAsync(frame, left);
                    Interlocked.Add(ref _queuedBytes, -frame.Length);
                }
            }
        }
        catch (OperationCanceledException) when (left.IsCancellationRequested)
        {
            // The watcher has left or was cut off: the ordinary end of a watch.
        }
    }
}
