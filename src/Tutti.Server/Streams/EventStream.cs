using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Tutti.Server.Streams;

/// <summary>One watcher: a bounded queue of frames in front of its own connection, so that it can hold up nobody else.</summary>
internal sealed class EventStream(HttpContext context)
{
    /// <summary>Frames that may wait; a watcher further behind is cut off, to resume or read afresh.</summary>
    public const int QueueLength = 256;

    private readonly Channel<ReadOnlyMemory<byte>> _frames = Channel.CreateBounded<ReadOnlyMemory<byte>>(
        new BoundedChannelOptions(QueueLength) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    /// <summary>Queues a frame. False: the stream has ended, or has been ended because its watcher is too slow.</summary>
    public bool TrySend(ReadOnlyMemory<byte> frame)
    {
        if (_frames.Writer.TryWrite(frame))
        {
            return true;
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
                    Write(response.BodyWriter, frame.Span);
                }

                await response.BodyWriter.FlushAsync(left);
            }
        }
        catch (OperationCanceledException) when (left.IsCancellationRequested)
        {
            // The watcher has left or was cut off: the ordinary end of a watch.
        }
    }

    private static void Write(System.IO.Pipelines.PipeWriter writer, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(writer.GetSpan(bytes.Length));
        writer.Advance(bytes.Length);
    }
}
