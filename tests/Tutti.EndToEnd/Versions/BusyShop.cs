using System.Globalization;
using Tutti.EndToEnd.Sites;

namespace Tutti.EndToEnd.Versions;

/// <summary>The shop under load, with two of everything that is killed, quick updates, and a record of every process that outlives it.</summary>
internal sealed class BusyShop(Site site)
{
    /// <summary>Purchases a second; each is seven requests from service to service.</summary>
    public const int Rate = 50;

    /// <summary>All that run while nothing moves.</summary>
    public const int Instances = 12;

    /// <summary>Those that every way from one set to the other starts anew: two of web, two of cart.</summary>
    public const int Exchanged = 4;

    /// <summary>Web 1.1 with cart 2.0.</summary>
    public ShopManifest Before { get; } = Of(ShopManifest.Before, site);

    /// <summary>Web 1.2 with cart 2.2.</summary>
    public ShopManifest After { get; } = Of(ShopManifest.Current, site);

    /// <summary>What every process has written down so far.</summary>
    public Records Read() => Records.Read(FolderOf(site));

    /// <summary>Waits until every service runs as asked, web and cart in these versions.</summary>
    public async Task IsAtAsync(string web, string cart)
    {
        await site.SettlesAsync();
        Assert.Equal((web, cart), ((await site.Api.ServiceAsync("web")).Version!.ToString(), (await site.Api.ServiceAsync("cart")).Version!.ToString()));
    }

    private static ShopManifest Of(ShopManifest manifest, Site site) => manifest
        .With("INSTANCE: ${instance.id}\n", $"INSTANCE: ${{instance.id}}\n      RECORDS: {FolderOf(site)}\n")
        .With("RATE: \"10\"", string.Create(CultureInfo.InvariantCulture, $"RATE: \"{Rate}\""))
        .With("catalog", "instances: 1", "instances: 2")
        .With("pricing", "instances: 1", "instances: 2")
        .With("minHealthyTime: 1s", "minHealthyTime: 200ms")
        .With("drain: 1s", "drain: 500ms");

    private static string FolderOf(Site site) => Path.Combine(site.Root, "records");
}
