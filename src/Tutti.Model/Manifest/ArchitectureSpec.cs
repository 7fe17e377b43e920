using System.Collections.Immutable;

namespace Tutti.Model.Manifest;

/// <summary>What a person asked for: one whole architecture, defaults merged and every name checked.</summary>
public sealed record ArchitectureSpec
{
    /// <summary>A DNS label.</summary>
    public required string Name { get; init; }

    /// <summary>Turns warnings about criticality into errors.</summary>
    public bool Strict { get; init; }

    /// <summary>Services by name.</summary>
    public ImmutableSortedDictionary<string, ServiceSpec> Services { get; init; } = ImmutableSortedDictionary<string, ServiceSpec>.Empty;

    /// <summary>What the gateway forwards, first match first.</summary>
    public ImmutableArray<RouteSpec> Routes { get; init; } = [];

    /// <summary>Topics by name.</summary>
    public ImmutableSortedDictionary<string, TopicSpec> Topics { get; init; } = ImmutableSortedDictionary<string, TopicSpec>.Empty;

    /// <summary>Jobs by name.</summary>
    public ImmutableSortedDictionary<string, JobSpec> Jobs { get; init; } = ImmutableSortedDictionary<string, JobSpec>.Empty;

    /// <summary>Paths of workflow documents, relative to the manifest.</summary>
    public ImmutableArray<string> Workflows { get; init; } = [];
}

/// <summary>One line of the gateway's table.</summary>
public sealed record RouteSpec
{
    /// <summary>Host name, exact or <c>*.example.org</c>; null for every host.</summary>
    public string? Host { get; init; }

    /// <summary>Path prefix; <c>/</c> for all.</summary>
    public string Path { get; init; } = "/";

    /// <summary>The service that answers.</summary>
    public required string To { get; init; }

    /// <summary>Its port; null: <c>http</c>, or its only one (<see cref="PortChoice"/>).</summary>
    public string? Port { get; init; }
}

/// <summary>A topic: an asynchronous road, not part of the cycle rule.</summary>
public sealed record TopicSpec;
