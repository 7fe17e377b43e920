using System.Diagnostics;
using System.Runtime.CompilerServices;
using Tutti.Node.Upstreams.Loops;
using Tutti.Node.Upstreams.Routing;

namespace Tutti.Node.Upstreams.Http;

/// <summary>One request and its answer. Used again for the next request of the same connection.</summary>
/// <param name="listener">Whose request it is.</param>
/// <param name="consumer">Where it comes from.</param>
/// <param name="window">Begins with the request's head.</param>
/// <param name="request">The head, read.</param>
internal sealed class HttpExchange(UpstreamListener listener, LoopSocket consumer, ByteWindow window, RequestHead request)
{
    private readonly EventLoop _loop = consumer.Loop;
    private readonly ByteWindow _received = new(consumer.Loop);
    private readonly ResponseHead _response = new();
    private readonly BodyPump _upload = new(consumer.Loop, toProvider: true);
    private readonly BodyPump _download = new(consumer.Loop, toProvider: false);
    private Candidate _candidate = null!;
    private LoopSocket? _provider;
    private Task<PumpOutcome>? _uploading;
    private bool _headHeld;
    private bool _consumerLeft;
    private bool _reused;
    private long _begun;

    /// <summary>What came of one attempt at a provider.</summary>
    private enum Attempt
    {
        /// <summary>Answered; the consumer's connection goes on.</summary>
        Done,

        /// <summary>Answered or broken; the consumer's connection ends.</summary>
        Last,

        /// <summary>No connection was made, so another provider may have it.</summary>
        Refused,

        /// <summary>The provider left discovery meanwhile, and nothing was sent.</summary>
        Left,

        /// <summary>A connection that had rested was closed when the request came, which may be sent again.</summary>
        Stale,
    }

    /// <summary>Whether the consumer's connection has broken.</summary>
    public void ConsumerLeft()
    {
        _consumerLeft = true;
        _provider?.Close();
    }

    /// <summary>Serves the request whose head is the beginning of the window. False: the connection is to end.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> RunAsync()
    {
        _begun = Stopwatch.GetTimestamp();
        _headHeld = true;
        var route = listener.Route.Known ? listener.Route : await listener.RouteAsync(_loop);
        List<Candidate>? tried = null;
        var chosen = route.Choose(tried);
        var fresh = false;
        while (chosen is not null)
        {
            _candidate = chosen;
            chosen.Target.Enter();
            chosen.Counters.Begun();
            Attempt attempt;
            try
            {
                attempt = await AttemptAsync(fresh);
            }
            finally
            {
                chosen.Counters.Ended();
                chosen.Target.Leave();
            }

            switch (attempt)
            {
                case Attempt.Done or Attempt.Last:
                    return attempt == Attempt.Done;
                case Attempt.Stale when !chosen.Target.Gone:
                    fresh = true;
                    continue;
                case Attempt.Refused:
                    chosen.Counters.Refused();
                    (tried ??= []).Add(chosen);
                    break;
            }

            route = listener.Route;
            chosen = route.Choose(tried);
        }

        var refusal = tried is null ? route.Refusal : NoProvider.Unreachable(listener.Consumer, listener.Upstream, tried);
        listener.Nobody.Refused();
        listener.Nobody.Requested(0);
        return await RefuseAsync(refusal);
    }

    private TimeSpan Elapsed => Stopwatch.GetElapsedTime(_begun);

    private bool Uploaded => !request.HasBody || _upload.Done;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Attempt> AttemptAsync(bool fresh)
    {
        var target = _candidate.Target;
        var provider = fresh ? null : TakeRested(target);
        _reused = provider is not null;
        if (provider is null)
        {
            provider = await target.ConnectAsync(_loop, UpstreamListener.ConnectTimeout);
            if (provider is null)
            {
                return target.Gone ? Attempt.Left : Attempt.Refused;
            }

            _candidate.Counters.Connected();
        }

        if (_consumerLeft || consumer.Closed)
        {
            provider.Close();
            return Attempt.Last;
        }

        _provider = provider;
        var sending = SendRequest(provider);
        if (sending == SendOutcome.Broken && _headHeld)
        {
            // Nothing was sent, so it is as if no connection had been made.
            _provider = null;
            provider.Close();
            return _reused ? Attempt.Stale : Attempt.Refused;
        }

        _uploading = Uploaded || sending == SendOutcome.Broken ? null : UploadAsync(provider);
        var attempt = await ReceiveAsync(provider);
        _provider = null;
        return attempt;
    }

    /// <summary>A connection on which a request may be sent. Where that could not be done twice, the kernel is asked whether it is still open.</summary>
    private LoopSocket? TakeRested(Target target)
    {
        while (target.Idle[_loop.Index].Take() is { } rested)
        {
            if (!target.Gone && ((request.Idempotent && !request.HasBody) || rested.IsQuiet()))
            {
                return rested;
            }

            rested.Close();
        }

        return null;
    }

    private SendOutcome SendRequest(LoopSocket provider)
    {
        var into = _loop.Assembly.AsSpan();
        var length = request.Write(window.Span[..request.Length], into, listener.ProviderHost(_candidate.Target));
        if (request.HasBody)
        {
            // From here on it cannot be sent to another provider.
            _headHeld = false;
            window.Use(request.Length);
            _upload.Begin(request.Fields.HasTransferEncoding ? BodyReader.Chunked : BodyReader.Counted(request.Fields.ContentLength));
            length += _upload.TakeInto(into[length..], window);
        }

        _candidate.Counters.Sent(length);
        return provider.Send(into[..length]);
    }

    private async Task<PumpOutcome> UploadAsync(LoopSocket provider)
    {
        await provider.Flushed;
        var outcome = _upload.Faulty ? PumpOutcome.SourceFaulty : await _upload.RunAsync(consumer, window, provider, _candidate.Counters);
        if (outcome is PumpOutcome.SourceBroken or PumpOutcome.SourceFaulty)
        {
            provider.Close(reset: true); // Half a request must not look like a whole one.
        }

        return outcome;
    }

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
            _upload.Abandon();
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

    /// <summary>Tells the consumer that the provider failed.</summary>
    private async ValueTask<Attempt> FailAsync(string why)
    {
        if (_consumerLeft || consumer.Closed)
        {
            return Attempt.Last;
        }

        _candidate.Counters.Requested(0);
        var target = _candidate.Target;
        return await RefuseAsync(new Refusal(
            502,
            "provider-failed",
            "Bad answer of a provider",
            $"{NoProvider.Name(listener.Upstream.Service, target)} at {target.Host}:{target.Port} {why}")) ? Attempt.Done : Attempt.Last;
    }

    /// <summary>Answers itself. The connection goes on where nothing of the request is left to come.</summary>
    private async ValueTask<bool> RefuseAsync(Refusal refusal)
    {
        var close = request.HasBody || !request.KeepAlive;
        if (_headHeld)
        {
            _headHeld = false;
            window.Use(request.Length);
        }

        consumer.Send(refusal.Response(withBody: !request.IsHead, close));
        await consumer.Flushed;
        return !close && !consumer.Closed;
    }
}
