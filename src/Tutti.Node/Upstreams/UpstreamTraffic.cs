namespace Tutti.Node.Upstreams;

/// <summary>What one consumer instance exchanged with one provider since its addresses were opened.</summary>
/// <param name="Consumer">Key of the instance.</param>
/// <param name="Provider">Service.</param>
/// <param name="Connections">Connections that were led to an endpoint.</param>
/// <param name="Open">Of those, still open.</param>
/// <param name="Refused">Connections for which no endpoint answered.</param>
/// <param name="BytesSent">From consumer to provider.</param>
/// <param name="BytesReceived">From provider to consumer.</param>
internal readonly record struct UpstreamTraffic(
    string Consumer, string Provider, long Connections, long Open, long Refused, long BytesSent, long BytesReceived);

/// <summary>Counts it; written by many connections at once.</summary>
internal sealed class TrafficCounters
{
    private long _connections;
    private long _open;
    private long _refused;
    private long _sent;
    private long _received;

    public void Opened()
    {
        Interlocked.Increment(ref _connections);
        Interlocked.Increment(ref _open);
    }

    public void Closed() => Interlocked.Decrement(ref _open);

    public void Refused() => Interlocked.Increment(ref _refused);

    public void Moved(int bytes, bool toProvider) => Interlocked.Add(ref toProvider ? ref _sent : ref _received, bytes);

    public UpstreamTraffic Read(string consumer, string provider) => new(
        consumer,
        provider,
        Interlocked.Read(ref _connections),
        Interlocked.Read(ref _open),
        Interlocked.Read(ref _refused),
        Interlocked.Read(ref _sent),
        Interlocked.Read(ref _received));
}
