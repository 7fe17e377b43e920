using System.Collections.Immutable;
using Tutti.Model.Manifest;

namespace Tutti.Node.Probes;

/// <summary>Asks an instance once whether it works.</summary>
internal interface IProber
{
    /// <summary>One probe, never longer than its timeout. Fails with a sentence that names the probe; throws only when cancelled.</summary>
    Task<ProbeResult> ProbeAsync(ProbeTarget target, CancellationToken ct);
}

/// <summary>What is probed.</summary>
/// <param name="Health">How; null: every port accepts a connection once.</param>
/// <param name="Host">Where its ports are.</param>
/// <param name="Ports">Its ports by name.</param>
/// <param name="Environment">Environment of an exec probe.</param>
/// <param name="WorkingFolder">Folder of an exec probe.</param>
internal sealed record ProbeTarget(
    HealthSpec? Health,
    string Host,
    ImmutableSortedDictionary<string, int> Ports,
    ImmutableSortedDictionary<string, string> Environment,
    string WorkingFolder)
{
    /// <summary>Whether the last probe passed, so that this one most likely passes at once too.</summary>
    public bool PassedLast { get; init; }
}

/// <summary>How a probe went.</summary>
/// <param name="Passed">It works.</param>
/// <param name="Failure">Why not; null when passed.</param>
internal readonly record struct ProbeResult(bool Passed, string? Failure)
{
    public static ProbeResult Pass => new(true, null);

    public static ProbeResult Fail(string failure) => new(false, failure);
}
