using Tutti.Node.Upstreams.Loops;
using Tutti.Node.Upstreams.Routing;
using Tutti.Node.Upstreams.Traffic;

namespace Tutti.Node.Upstreams.Http;

/// <summary>Passes bytes both ways between a consumer's connection and one to a provider, until both directions have ended. An end of one direction is passed on and leaves the other open.</summary>
internal sealed class Tunnel(UpstreamListener listener, LoopSocket consumer, ByteWindow window)
{
    /// <summary>Chooses a provider for the connection and serves it to its end.</summary>
    public async Task RunAsync()
    {
        var route = await listener.RouteAsync(consumer.Loop);
        List<Candidate>? tried = null;
        while (!consumer.Closed && route.Choose(tried) is { } candidate)
        {
            candidate.Target.Enter();
            var provider = await candidate.Target.ConnectAsync(consumer.Loop, UpstreamListener.ConnectTimeout);
            if (provider is null)
            {
                candidate.Target.Leave();
                candidate.Counters.Refused();
                (tried ??= []).Add(candidate);
                route = listener.Route;
                continue;
            }

            candidate.Counters.Connected();
            candidate.Counters.Begun();
            await CarryAsync(provider, new ByteWindow(consumer.Loop), candidate.Counters);
            candidate.Counters.Ended();
            candidate.Target.Leave();
            return;
        }

        listener.Nobody.Refused();
        consumer.Close(reset: true);
    }

    /// <summary>Serves two connections to their end.</summary>
    public async Task CarryAsync(LoopSocket provider, ByteWindow received, TrafficCounters counters)
    {
        listener.Opened(provider);
        var there = PassAsync(consumer, window, provider, new BodyPump(consumer.Loop, toProvider: true), counters);
        var back = PassAsync(provider, received, consumer, new BodyPump(consumer.Loop, toProvider: false), counters);
        await there;
        await back;
        consumer.Close();
        provider.Close();
        listener.Ended(provider);
    }

    private static async Task PassAsync(LoopSocket from, ByteWindow window, LoopSocket to, BodyPump pump, TrafficCounters counters)
    {
        pump.Begin(BodyReader.UntilClose);
        if (window.Length > 0)
        {
            pump.PassOn(window, to, counters);
            await to.Flushed;
        }

        if (await pump.RunAsync(from, window, to, counters) == PumpOutcome.Done)
        {
            to.EndSending();
        }
        else
        {
            from.Close(reset: true);
            to.Close(reset: true);
        }
    }
}
