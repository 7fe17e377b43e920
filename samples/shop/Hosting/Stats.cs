using System.Collections.Concurrent;

namespace Shop.Hosting;

/// <summary>Counts since the start; safe for any number of threads.</summary>
internal sealed class Stats
{
    private readonly ConcurrentDictionary<string, UpstreamCounts> _upstreams = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Func<long>> _gauges = new(StringComparer.Ordinal);
    private long _requests;
    private long _failed;
    private long _incompatible;

    /// <summary>The last thing that went wrong, in a line.</summary>
    public string? LastFailure { get; set; }

    /// <summary>A request came in.</summary>
    public void Request() => Interlocked.Increment(ref _requests);

    /// <summary>A request could not be served.</summary>
    public void Failed() => Interlocked.Increment(ref _failed);

    /// <summary>A caller spoke another wire format than this release.</summary>
    public void Incompatible() => Interlocked.Increment(ref _incompatible);

    /// <summary>Counts of calls to another service.</summary>
    public UpstreamCounts Of(string upstream) => _upstreams.GetOrAdd(upstream, static _ => new UpstreamCounts());

    /// <summary>A number of the service's own, read when asked.</summary>
    public void Show(string name, Func<long> read) => _gauges[name] = read;

    /// <summary>All of it.</summary>
    public StatsDocument Snapshot(Options options) => new(
        options.Service,
        options.Version.ToString(),
        options.Instance,
        Environment.ProcessId,
        Interlocked.Read(ref _requests),
        Interlocked.Read(ref _failed),
        Interlocked.Read(ref _incompatible),
        _upstreams.ToDictionary(each => each.Key, each => each.Value.Snapshot()),
        _gauges.ToDictionary(each => each.Key, each => each.Value()),
        LastFailure);
}

/// <summary>Counts of calls to one other service.</summary>
internal sealed class UpstreamCounts
{
    private long _calls;
    private long _failed;
    private long _incompatible;

    /// <summary>A call was made.</summary>
    public void Call() => Interlocked.Increment(ref _calls);

    /// <summary>It got no answer, or a 5xx.</summary>
    public void Failed() => Interlocked.Increment(ref _failed);

    /// <summary>It got a 4xx: the other side speaks another wire format.</summary>
    public void Incompatible() => Interlocked.Increment(ref _incompatible);

    /// <summary>All of it.</summary>
    public UpstreamDocument Snapshot() => new(Interlocked.Read(ref _calls), Interlocked.Read(ref _failed), Interlocked.Read(ref _incompatible));
}

/// <summary>What <c>/stats</c> answers; <c>numbers</c> are the service's own.</summary>
internal sealed record StatsDocument(
    string Service,
    string Version,
    string Instance,
    int Pid,
    long Requests,
    long Failed,
    long Incompatible,
    Dictionary<string, UpstreamDocument> Upstreams,
    Dictionary<string, long> Numbers,
    string? LastFailure);

/// <summary>Calls to one other service.</summary>
internal sealed record UpstreamDocument(long Calls, long Failed, long Incompatible);
