using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Tutti.Model.Manifest;

/// <summary>How a service moves from one release or environment to another.</summary>
public sealed record UpdateSpec
{
    /// <summary>Rolling, canary or blue-green.</summary>
    public UpdateStrategy Strategy { get; init; } = UpdateStrategy.Rolling;

    /// <summary>Instances above the desired number while it moves, 0 to 1,000,000.</summary>
    public int MaxSurge { get; init; } = 1;

    /// <summary>Instances below the desired number while it moves; not 0 together with <see cref="MaxSurge"/>.</summary>
    public int MaxUnavailable { get; init; }

    /// <summary>How long an instance is in Run before it counts.</summary>
    public TimeSpan MinHealthyTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest time without progress; then the update has failed.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether a failed update goes back by itself.</summary>
    public bool AutoRollback { get; init; } = true;

    /// <summary>Canary: shares of the instances in percent, rising, 1 to 100; 100 is implied at the end.</summary>
    public ImmutableArray<int> Steps { get; init; } = [];

    /// <summary>Canary: how long each step is watched.</summary>
    public TimeSpan Hold { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>The ways to move.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<UpdateStrategy>))]
public enum UpdateStrategy
{
    /// <summary>Instance by instance within surge and unavailability.</summary>
    [JsonStringEnumMemberName("rolling")]
    Rolling,

    /// <summary>A small share first, then more.</summary>
    [JsonStringEnumMemberName("canary")]
    Canary,

    /// <summary>All new ones beside the old, one switch.</summary>
    [JsonStringEnumMemberName("blue-green")]
    BlueGreen,
}

/// <summary>What drives the number of instances.</summary>
public sealed record ScaleSpec
{
    /// <summary>The measure.</summary>
    public required ScaleMeasure On { get; init; }

    /// <summary>Its target as written: <c>70%</c>, <c>100</c> (requests a second, or concurrent, per instance) or <c>200ms</c>.</summary>
    public required string Target { get; init; }
}

/// <summary>The measures a service may scale on.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ScaleMeasure>))]
public enum ScaleMeasure
{
    /// <summary>Share of the reserved processor time.</summary>
    [JsonStringEnumMemberName("cpu")]
    Cpu,

    /// <summary>Share of the reserved memory.</summary>
    [JsonStringEnumMemberName("memory")]
    Memory,

    /// <summary>Requests a second per instance.</summary>
    [JsonStringEnumMemberName("requests")]
    Requests,

    /// <summary>p99 of the requests.</summary>
    [JsonStringEnumMemberName("latency")]
    Latency,

    /// <summary>Requests under way per instance.</summary>
    [JsonStringEnumMemberName("concurrency")]
    Concurrency,
}

/// <summary>How an instance is stopped: out of discovery, drain, signal, grace, then the whole tree is killed.</summary>
public sealed record StopSpec
{
    /// <summary>Name of the signal: SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR1, SIGUSR2 or SIGKILL.</summary>
    public string Signal { get; init; } = "SIGTERM";

    /// <summary>Time between the signal and the kill.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time between leaving discovery and the signal.</summary>
    public TimeSpan Drain { get; init; }
}

/// <summary>How hard to try before asking a person.</summary>
public sealed record RecoverSpec
{
    /// <summary>Pets: restarts within the window before the service is Failed.</summary>
    public int Restarts { get; init; } = 5;

    /// <summary>The window.</summary>
    public TimeSpan Within { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Shortest wait before a repeated restart or replacement. Manifest: <c>backoff: 1s..1m</c>.</summary>
    public TimeSpan BackoffMin { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait.</summary>
    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>URL that gets a POST of every alert of this service; null: none.</summary>
    public string? Webhook { get; init; }
}
