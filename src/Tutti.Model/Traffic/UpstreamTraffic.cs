using System.Collections.Immutable;
using Tutti.Model.Versions;

namespace Tutti.Model.Traffic;

/// <summary>What one consumer instance exchanged with one version of one provider since its addresses were opened. All counts only rise, but
/// <see cref="Open"/>; a lower one means that the instance, or its agent, began anew.</summary>
public sealed record UpstreamTraffic
{
    /// <summary>The consumer, as <c>architecture/id</c>.</summary>
    public required string Consumer { get; init; }

    /// <summary>The service that is called.</summary>
    public required string Provider { get; init; }

    /// <summary>Its release; null: an external service, or (with <see cref="Refused"/> alone) calls for which no provider was accepted.</summary>
    public ReleaseVersion? Version { get; init; }

    /// <summary>Requests that have ended, however; 0 for a TCP port.</summary>
    public long Requests { get; init; }

    /// <summary>Of those, answered with 500 and above, broken off by the provider, or refused for want of one.</summary>
    public long Errors { get; init; }

    /// <summary>Of the requests, answered with 400 to 499.</summary>
    public long ClientErrors { get; init; }

    /// <summary>Connections made to the provider.</summary>
    public long Connections { get; init; }

    /// <summary>Requests under way now; for a TCP port connections.</summary>
    public long Open { get; init; }

    /// <summary>Attempts to connect that failed, and calls for which no provider was accepted.</summary>
    public long Refused { get; init; }

    /// <summary>Bytes to the provider, heads included.</summary>
    public long BytesSent { get; init; }

    /// <summary>Bytes from the provider, heads included.</summary>
    public long BytesReceived { get; init; }

    /// <summary>Time from the request's head to the head of its answer: the buckets of <see cref="LatencyScale"/> that are not empty, in order.</summary>
    public ImmutableArray<LatencyCount> Latency { get; init; } = [];
}

/// <summary>How many durations fell into a bucket of <see cref="LatencyScale"/>.</summary>
/// <param name="Bucket">0 to <see cref="LatencyScale.Buckets"/> - 1.</param>
/// <param name="Count">At least 1.</param>
public readonly record struct LatencyCount(int Bucket, long Count);
