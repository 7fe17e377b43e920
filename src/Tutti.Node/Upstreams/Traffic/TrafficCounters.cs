using System.Collections.Immutable;
using Tutti.Model.Traffic;
using Tutti.Model.Versions;

namespace Tutti.Node.Upstreams.Traffic;

/// <summary>Counts what one consumer exchanges with one version of a provider. Written by several loops, read by the reports; allocates nothing.</summary>
internal sealed class TrafficCounters(ReleaseVersion? version)
{
    private readonly long[] _latency = new long[LatencyScale.Buckets];
    private long _requests;
    private long _errors;
    private long _clientErrors;
    private long _connections;
    private long _open;
    private long _refused;
    private long _sent;
    private long _received;

    public ReleaseVersion? Version => version;

    public void Connected() => Interlocked.Increment(ref _connections);

    public void Begun() => Interlocked.Increment(ref _open);

    public void Ended() => Interlocked.Decrement(ref _open);

    public void Refused() => Interlocked.Increment(ref _refused);

    public void Sent(long bytes) => Interlocked.Add(ref _sent, bytes);

    public void Received(long bytes) => Interlocked.Add(ref _received, bytes);

    /// <summary>The head of an answer is here.</summary>
    public void Answered(TimeSpan after) => Interlocked.Increment(ref _latency[LatencyScale.BucketOf((long)after.TotalMicroseconds)]);

    /// <summary>A request has ended.</summary>
    /// <param name="status">Of its answer; 0: it broke.</param>
    public void Requested(int status)
    {
        Interlocked.Increment(ref _requests);
        if (status is 0 or >= 500)
        {
            Interlocked.Increment(ref _errors);
        }
        else if (status >= 400)
        {
            Interlocked.Increment(ref _clientErrors);
        }
    }

    public UpstreamTraffic Read(string consumer, string provider) => new()
    {
        Consumer = consumer,
        Provider = provider,
        Version = version,
        Requests = Interlocked.Read(ref _requests),
        Errors = Interlocked.Read(ref _errors),
        ClientErrors = Interlocked.Read(ref _clientErrors),
        Connections = Interlocked.Read(ref _connections),
        Open = Interlocked.Read(ref _open),
        Refused = Interlocked.Read(ref _refused),
        BytesSent = Interlocked.Read(ref _sent),
        BytesReceived = Interlocked.Read(ref _received),
        Latency = ReadLatency(),
    };

    private ImmutableArray<LatencyCount> ReadLatency()
    {
        var counts = ImmutableArray.CreateBuilder<LatencyCount>();
        for (var i = 0; i < _latency.Length; i++)
        {
            if (Interlocked.Read(ref _latency[i]) is > 0 and var count)
            {
                counts.Add(new LatencyCount(i, count));
            }
        }

        return counts.ToImmutable();
    }
}
