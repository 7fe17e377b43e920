using Tutti.EndToEnd.Sites;

namespace Tutti.EndToEnd;

/// <summary>A shop that is up, for tests that leave it as well as they found it. Its updates give up soon.</summary>
public sealed class RunningShop : IAsyncLifetime
{
    internal static readonly ShopManifest Manifest = ShopManifest.Current.With("deadline: 60s", "deadline: 8s");

    internal Site Site { get; } = new();

    internal Child Up { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        try
        {
            Up = Site.StartUp(Site.Write(Manifest));
            await Site.SettlesAsync();
        }
        catch (Exception e)
        {
            var report = await SiteReport.WriteAsync(Site);
            await Site.DisposeAsync();
            throw new InvalidOperationException($"the shop does not come up: {e.Message}\n{report}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await using var site = Site;
        await site.DownAsync(Up);
    }
}

/// <summary>Tests that share a running shop.</summary>
public abstract class RunningShopTest(RunningShop shop) : IAsyncLifetime
{
    internal Site Site { get; } = shop.Site;

    internal Child Up { get; } = shop.Up;

    public async ValueTask InitializeAsync() => await Site.SettlesAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Report.IfFailedAsync(Site);
    }
}

[CollectionDefinition(Name)]
public sealed class RunningShopTests : ICollectionFixture<RunningShop>
{
    public const string Name = "the running shop";
}
