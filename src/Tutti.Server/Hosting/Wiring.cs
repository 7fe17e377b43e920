using System.Net;
using Microsoft.Extensions.Logging;
using Tutti.Control.State;
using Tutti.Decisions.Versions;
using Tutti.Model.Manifest;
using Tutti.Server.Dns;
using Tutti.Store;
using Tutti.Store.Sqlite;

namespace Tutti.Server.Hosting;

/// <summary>Where the server takes hold of the rooms beside it.</summary>
internal static class Wiring
{
    public static async Task<IStore> OpenStoreAsync(string path, CancellationToken cancellation) => await SqliteStore.OpenAsync(path, ct: cancellation);

    public static (IAsyncDisposable Server, IPEndPoint Endpoint) StartDns(IPEndPoint endpoint, ClusterView view, ILogger logger)
    {
        var server = DnsServer.Start(endpoint, view, logger);
        return (server, server.Endpoint);
    }

    public static ManifestReading ReadManifest(string yaml, string file) => ManifestReader.Read(yaml, file);

    public static ManifestReading ReadReleases(string yaml, string file) => ManifestReader.ReadReleases(yaml, file);

    public static System.Collections.Immutable.ImmutableArray<SpecChange> CompareSpecs(ArchitectureSpec? current, ArchitectureSpec wanted) =>
        ManifestDifference.Between(current, wanted);
}
