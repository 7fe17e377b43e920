using System.Collections.Immutable;
using Tutti.Model.Manifest;
using Tutti.Model.Versions;

namespace Tutti.Model.Discovery;

/// <summary>Address and port of one instance in Run.</summary>
public sealed record Endpoint
{
    /// <summary>The instance.</summary>
    public required string Instance { get; init; }

    /// <summary>Its release; null for an external service.</summary>
    public ReleaseVersion? Version { get; init; }

    /// <summary>Its node; null for an external service.</summary>
    public string? Node { get; init; }

    /// <summary>Name of the port.</summary>
    public required string Port { get; init; }

    /// <summary>What the port speaks.</summary>
    public PortProtocol Protocol { get; init; }

    /// <summary>Host name or IP.</summary>
    public required string Address { get; init; }

    /// <summary>Port number.</summary>
    public required int Number { get; init; }

    /// <summary>Percent of the requests to this service, 0 to 100, which the endpoints of this version get together, from consumers that accept several
    /// versions. Null: what is left, by number.</summary>
    public int? Share { get; init; }
}

/// <summary>All endpoints of one service at one revision. In a watch, each event replaces the one before.</summary>
public sealed record ServiceEndpoints
{
    /// <summary>The architecture.</summary>
    public required string Architecture { get; init; }

    /// <summary>The service.</summary>
    public required string Service { get; init; }

    /// <summary>Store revision of this list.</summary>
    public required long Revision { get; init; }

    /// <summary>Ordered by instance, then port.</summary>
    public ImmutableArray<Endpoint> Endpoints { get; init; } = [];
}
