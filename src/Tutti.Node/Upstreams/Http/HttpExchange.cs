using System.Diagnostics;
using System.Runtime.CompilerServices;
using Tutti.Node.Upstreams.Loops;
using Tutti.Node.Upstreams.Routing;

namespace Tutti.Node.Upstreams.Http;

/// <summary>One request and its answer. Used again for the next request of the same connection. Here whom it goes to; the answer is in the other part.</summary>
/// <param name="listener">Whose request it is.</param>
/// <param name="consumer">Where it comes from.</param>
/// <param name="window">Begins with the request's head.</param>
/// <param name="request">The head, read.</param>
internal sealed partial class HttpExchange(UpstreamListener listener, LoopSocket consumer, ByteWindow window, RequestHead request)
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
