using System.Globalization;
using Shop.Hosting;

namespace Shop.Payments;

/// <summary>Money to be taken for an order.</summary>
internal sealed record Charge(string Order, long Cents);

/// <summary>Whether it was taken.</summary>
internal sealed record ChargeReceipt(string Id, bool Accepted);

/// <summary>Payments: <c>POST /charges</c>. 1.1 declines what is over a limit.</summary>
internal static class PaymentsService
{
    private const long LimitCents = 100_000;

    /// <summary>Release 1.0.</summary>
    public static void Open(ShopApp app) => Open(app, long.MaxValue);

    /// <summary>Release 1.1.</summary>
    public static void OpenWithLimit(ShopApp app) => Open(app, LimitCents);

    private static void Open(ShopApp app, long limitCents)
    {
        long charges = 0;
        app.Stats.Show("charges", () => Interlocked.Read(ref charges));
        app.Map(HttpMethod.Post, "/charges", async context =>
        {
            var charge = await ShopApp.BodyAsync(context, ShopJson.Default.Charge);
            var id = string.Create(CultureInfo.InvariantCulture, $"charge-{Environment.ProcessId}-{Interlocked.Increment(ref charges)}");
            await ShopApp.ReplyAsync(context, new ChargeReceipt(id, charge.Cents <= limitCents), ShopJson.Default.ChargeReceipt);
        });
    }
}
