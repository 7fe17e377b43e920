using System.Runtime.CompilerServices;
using Tutti.Node.Upstreams.Loops;

namespace Tutti.Node.Upstreams.Http;

/// <summary>The part of an exchange that comes from the provider.</summary>
internal sealed partial class HttpExchange
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Attempt> ReceiveAsync(LoopSocket provider)
    {
        while (true)
        {
            if (await ReadHeadAsync(provider) is { } missing)
            {
                provider.Close();
                return await WithoutAnswerAsync(missing);
            }

            var length = HeadLength();
            if (_response.Read(_received.Span[..length]) is { } problem)
            {
                return await BreakAsync(provider, problem);
            }

            if (_headHeld)
            {
                _headHeld = false;
                window.Use(request.Length);
            }

            if (_response.Status >= 200)
            {
                return await AnswerAsync(provider);
            }

            if (_response.Status == 101)
            {
                return request.Fields.HasUpgrade && _response.Fields.HasUpgrade && Uploaded
                    ? await UpgradeAsync(provider)
                    : await BreakAsync(provider, "the answer is 101, but no upgrade was asked for");
            }

            if (!request.Old)
            {
                SendHead(close: false, unchunked: false);
                await consumer.Flushed;
            }

            _received.Use(length);
        }
    }

    private int HeadLength() => _received.Span.IndexOf("\r\n\r\n"u8) + 4;

    /// <summary>Null: a head is here. Else why not.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<string?> ReadHeadAsync(LoopSocket provider)
    {
        while (HeadLength() < 4)
        {
            if (_received.Full)
            {
                return $"sent a head longer than {HttpConnection.LongestHead:N0} bytes";
            }

            await provider.Readable;
            if (_received.Fill(provider) is 0 or LoopSocket.Broken)
            {
                return _received.Length == 0 ? "closed the connection before it answered" : "closed the connection in the middle of its head";
            }
        }

        return null;
    }

    private int SendHead(bool close, bool unchunked)
    {
        var length = _response.Write(_received.Span[.._response.Length], _loop.Assembly, close, unchunked);
        _candidate.Counters.Received(length);
        consumer.Send(_loop.Assembly.AsSpan(0, length));
        return length;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Attempt> AnswerAsync(LoopSocket provider)
    {
        var (counters, into) = (_candidate.Counters, _loop.Assembly);
        counters.Answered(Elapsed);
        var body = ResponseBody();
        var unchunk = request.Old && _response.Fields.ChunkedLast && !body.Done;
        var close = !request.KeepAlive || body.EndsWithConnection || unchunk || (request.Fields.ExpectsContinue && !Uploaded);
        var length = _response.Write(_received.Span[.._response.Length], into, close, unchunk);
        _received.Use(_response.Length);
        _download.Begin(body, unchunk);
        length += _download.TakeInto(into.AsSpan(length), _received);
        counters.Received(length);
        var sent = consumer.Send(into.AsSpan(0, length));
        if (sent == SendOutcome.Kept)
        {
            await consumer.Flushed;
        }

        var outcome = _download.Done ? PumpOutcome.Done
            : sent == SendOutcome.Broken ? PumpOutcome.SinkBroken
            : _download.Faulty ? PumpOutcome.SourceFaulty
            : await _download.RunAsync(provider, _received, consumer, counters);
        counters.Requested(outcome is PumpOutcome.SourceBroken or PumpOutcome.SourceFaulty && !_consumerLeft ? 0 : _response.Status);
        if (outcome != PumpOutcome.Done)
        {
            consumer.Close(reset: true); // Half an answer must not look like a whole one.
        }

        return await EndAsync(provider, close || outcome != PumpOutcome.Done, body.EndsWithConnection || outcome != PumpOutcome.Done);
    }

    private BodyReader ResponseBody() =>
        request.IsHead || _response.Status is 204 or 304 ? BodyReader.None
        : _response.Fields.ChunkedLast ? BodyReader.Chunked
        : _response.Fields.HasTransferEncoding || _response.Fields.ContentLength < 0 ? BodyReader.UntilClose
        : BodyReader.Counted(_response.Fields.ContentLength);

    /// <summary>Lays the provider's connection to rest, or ends it where it cannot be used again.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Attempt> EndAsync(LoopSocket provider, bool close, bool unusable)
    {
        if (_uploading is { } uploading)
        {
            if (!uploading.IsCompleted)
            {
                // All has been answered, so the provider may never read what is left; waiting for that would never end.
                _upload.Abandon();
                provider.Close();
            }

            await uploading;
            _uploading = null;
        }

        if (unusable || !Uploaded || !_response.KeepAlive || _received.Length > 0 || provider.Closed || _candidate.Target.Gone)
        {
            _received.Clear();
            provider.Close();
        }
        else
        {
            _candidate.Target.Idle[_loop.Index].Keep(provider);
        }

        return close || !Uploaded || consumer.Closed ? Attempt.Last : Attempt.Done;
    }

    private async ValueTask<Attempt> UpgradeAsync(LoopSocket provider)
    {
        var counters = _candidate.Counters;
        counters.Answered(Elapsed);
        counters.Requested(101);
        SendHead(close: false, unchunked: false);
        _received.Use(_response.Length);
        await consumer.Flushed;
        consumer.Watcher = null; // From here on an end of one direction is not the end of the other.
        await new Tunnel(listener, consumer, window).CarryAsync(provider, _received, counters);
        return Attempt.Last;
    }

    private async ValueTask<Attempt> WithoutAnswerAsync(string why)
    {
        if (_uploading is { } uploading)
        {
            _upload.Abandon();
            var outcome = await uploading;
            _uploading = null;
            if (outcome == PumpOutcome.SourceFaulty)
            {
                _received.Clear();
                _candidate.Counters.Requested(400);
                consumer.Send(Refusal.Malformed("the request's body is not well-formed in its chunks").Response(withBody: true, close: true));
                return Attempt.Last;
            }

            _consumerLeft |= outcome == PumpOutcome.SourceBroken;
        }

        if (_headHeld && _reused && request.Idempotent && _received.Length == 0 && !_consumerLeft)
        {
            return Attempt.Stale;
        }

        _received.Clear();
        return await FailAsync(why);
    }

    private async ValueTask<Attempt> BreakAsync(LoopSocket provider, string problem)
    {
        provider.Close();
        _upload.Abandon();
        if (_uploading is { } uploading)
        {
            await uploading;
            _uploading = null;
        }

        _received.Clear();
        return await FailAsync($"cannot be understood: {problem}");
    }
}
