using System.Collections.Immutable;

namespace Tutti.Model.Manifest;

/// <summary>How an instance proves that it works: exactly one of http, tcp and exec.</summary>
public sealed record HealthSpec
{
    /// <summary>Path that answers 200 to 399.</summary>
    public string? Http { get; init; }

    /// <summary>Name of the port that accepts a connection.</summary>
    public string? Tcp { get; init; }

    /// <summary>Command that exits with 0.</summary>
    public ImmutableArray<string> Exec { get; init; } = [];

    /// <summary>Port that an http probe asks; null: <c>http</c>, or the only one.</summary>
    public string? Port { get; init; }

    /// <summary>Time between two probes of a running instance.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long one probe may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Failures in a row that make a running instance Failed.</summary>
    public int Failures { get; init; } = 3;
}
