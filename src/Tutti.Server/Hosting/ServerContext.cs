using System.Collections.Immutable;
using Tutti.Control.Loop;
using Tutti.Decisions.Versions;
using Tutti.Model.Manifest;
using Tutti.Server.Api;
using Tutti.Server.Blobs;
using Tutti.Server.Discovery;
using Tutti.Server.Events;
using Tutti.Server.Instances;
using Tutti.Server.Loop;
using Tutti.Server.Nodes;
using Tutti.Server.Streams;

namespace Tutti.Server.Hosting;

/// <summary>Everything that the endpoints of one server share.</summary>
internal sealed class ServerContext
{
    public required IControl Control { get; init; }

    public required CommandDoor Commands { get; init; }

    public required ControlOptions Options { get; init; }

    public required BlobFolder Blobs { get; init; }

    /// <summary>Largest blob.</summary>
    public required BodyBound BlobBound { get; init; }

    public required EventStreams Streams { get; init; }

    public required EndpointHub Endpoints { get; init; }

    public required NodeHub Nodes { get; init; }

    public required JournalHub Journal { get; init; }

    public required LogRelay Logs { get; init; }

    public required DateTimeOffset Started { get; init; }

    /// <summary>Where DNS answers; null: it does not.</summary>
    public string? Dns { get; init; }

    public required ReadManifest ReadManifest { get; init; }

    /// <summary>Reads a manifest for its releases only.</summary>
    public required ReadManifest ReadReleases { get; init; }

    public required CompareSpecs CompareSpecs { get; init; }
}

/// <inheritdoc cref="ManifestReader.Read"/>
internal delegate ManifestReading ReadManifest(string yaml, string file);

/// <summary>What would change between two manifests; a null <paramref name="current"/> is a new architecture.</summary>
internal delegate ImmutableArray<SpecChange> CompareSpecs(ArchitectureSpec? current, ArchitectureSpec wanted);
