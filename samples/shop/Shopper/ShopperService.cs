using System.Diagnostics;
using System.Globalization;
using Shop.Hosting;
using Shop.Web;

namespace Shop.Shopper;

/// <summary>The shopper: buys something through web at a steady rate, whatever happens, and counts. 1.1 buys ten pieces at a time.</summary>
internal static class ShopperService
{
    private const int MostUnderWay = 100;
    private static readonly TimeSpan _betweenLines = TimeSpan.FromSeconds(5);
    private static readonly string[] _wishes = ["tea", "cup", "pot"];

    /// <summary>Release 1.0.</summary>
    public static void Open(ShopApp app) => Open(app, 1);

    /// <summary>Release 1.1.</summary>
    public static void OpenWithLargeBaskets(ShopApp app) => Open(app, 10);

    private static void Open(ShopApp app, int pieces)
    {
        var web = app.Upstream("web");
        long succeeded = 0;
        long failed = 0;
        app.Stats.Show("succeeded", () => Interlocked.Read(ref succeeded));
        app.Stats.Show("failed", () => Interlocked.Read(ref failed));
        _ = ShopAsync();
        _ = SayAsync();

        async Task SayAsync()
        {
            using var line = new PeriodicTimer(_betweenLines);
            while (await line.WaitForNextTickAsync(CancellationToken.None) && !app.Stopping.IsCancellationRequested)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"purchases {Interlocked.Read(ref succeeded)}, failed {Interlocked.Read(ref failed)}"));
            }
        }

        async Task ShopAsync()
        {
            var underWay = new SemaphoreSlim(MostUnderWay);
            var begun = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

            // The first goes alone: every program on its way is still being compiled, and a crowd would make that last.
            await underWay.WaitAsync(CancellationToken.None);
            await BuyAsync(new Purchase($"{begun}-0", _wishes[0], pieces), underWay);
            using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1) / app.Options.Rate);
            for (long number = 1; await pace.WaitForNextTickAsync(CancellationToken.None) && !app.Stopping.IsCancellationRequested; number++)
            {
                if (underWay.CurrentCount == 0)
                {
                    // Web is slow, or this machine is; a purchase that cannot even be tried has failed too. The record tells the two apart: those under way
                    // say themselves what becomes of them.
                    Interlocked.Increment(ref failed);
                    app.Record.Add("unsent", $"{MostUnderWay} purchases are under way");
                    continue;
                }

                await underWay.WaitAsync(CancellationToken.None);
                _ = BuyAsync(new Purchase($"{begun}-{number}", _wishes[number % _wishes.Length], pieces), underWay);
            }
        }

        async Task BuyAsync(Purchase purchase, SemaphoreSlim underWay)
        {
            var begun = Stopwatch.GetTimestamp();
            try
            {
                var receipt = await web.SendAsync(HttpMethod.Post, "/purchases", purchase, ShopJson.Default.Purchase, ShopJson.Default.PurchaseReceipt, CancellationToken.None);
                Interlocked.Increment(ref succeeded);
                app.Record.Add("bought", $"{Milliseconds(begun)} {receipt.Web}");
            }
            catch (UpstreamException failure)
            {
                Interlocked.Increment(ref failed);
                app.Stats.LastFailure = failure.Message;
                app.Record.Add("failed", $"{Milliseconds(begun)} {failure.Message}");
            }
            finally
            {
                underWay.Release();
            }
        }
    }

    private static string Milliseconds(long since) => Stopwatch.GetElapsedTime(since).TotalMilliseconds.ToString("0.000", CultureInfo.InvariantCulture);
}
