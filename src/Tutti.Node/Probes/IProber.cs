using System.Collections.Immutable;
using Tutti.Model.Manifest;

namespace Tutti.Node.Probes;

/// <summary>Asks one instance once whether it works.</summary>
internal interface IProber
{
    /// <summary>Never throws for an instance that does not answer; only when cancelled.</summary>
    Task<ProbeResult> ProbeAsync(ProbeTarget target, CancellationToken ct);
}

/// <summary>What is probed; a null health means: connect to each port once.</summary>
internal sealed record ProbeTarget(
    HealthSpec? Health,
    string Host,
    ImmutableSortedDictionary<string, int> Ports,
    ImmutableSortedDictionary<string, string> Environment,
    string WorkingFolder);

/// <summary>What a probe found; the failure names the probe and what it got.</summary>
internal readonly record struct ProbeResult(bool Passed, string? Failure);
