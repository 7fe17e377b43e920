using System.Net;
using Microsoft.Extensions.Logging;
using Tutti.Control.Loop;
using Tutti.Server.Api;
using Tutti.Server.Blobs;
using Tutti.Server.Loop;

namespace Tutti.Server.Hosting;

/// <summary>What an <see cref="ApiServer"/> is made of.</summary>
internal sealed record ApiOptions
{
    public required DataFolder Folder { get; init; }

    public required IControl Control { get; init; }

    public required IPEndPoint Listen { get; init; }

    public required ILoggerFactory Logging { get; init; }

    /// <summary>Where DNS answers; null: it does not.</summary>
    public string? Dns { get; init; }

    public ControlOptions Loop { get; init; } = new();

    public required ReadManifest ReadManifest { get; init; }

    /// <summary>Reads a manifest for its releases only.</summary>
    public ReadManifest ReadReleases { get; init; } = Wiring.ReadReleases;

    public required CompareSpecs CompareSpecs { get; init; }

    /// <summary>Null: a folder inside <see cref="Folder"/>.</summary>
    public BlobFolder? Blobs { get; init; }

    /// <summary>Largest blob: 1 GiB.</summary>
    public BodyBound BlobBound { get; init; } = new(1L << 30);

    /// <summary>How often a watch carries a comment.</summary>
    public TimeSpan Comment { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an agent may take to begin sending a log.</summary>
    public TimeSpan AgentPatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Wait before a webhook's second attempt.</summary>
    public TimeSpan WebhookWait { get; init; } = TimeSpan.FromSeconds(1);
}
