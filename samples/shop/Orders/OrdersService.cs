using System.Net;
using Shop.Hosting;
using Shop.Ledger;
using Shop.Payments;

namespace Shop.Orders;

/// <summary>What somebody orders, with its price in cents.</summary>
internal sealed record Order(string User, string Sku, int Quantity, long Cents);

/// <summary>An order that was paid and written down.</summary>
internal sealed record OrderReceipt(string Id, string Charge, long Entry);

/// <summary>Orders: <c>POST /orders</c> takes the money from payments and writes the order into the ledger. 1.1 takes up to a thousand pieces, 1.0 a hundred.</summary>
internal static class OrdersService
{
    /// <summary>Release 1.0.</summary>
    public static void Open(ShopApp app) => Open(app, 100);

    /// <summary>Release 1.1.</summary>
    public static void OpenWithLargeOrders(ShopApp app) => Open(app, 1000);

    private static void Open(ShopApp app, int mostPieces)
    {
        var payments = app.Upstream("payments");
        var ledger = app.Upstream("ledger");
        app.Map(HttpMethod.Post, "/orders", async context =>
        {
            var order = await ShopApp.BodyAsync(context, ShopJson.Default.Order);
            var id = $"order-{Guid.NewGuid():N}";
            if (order.Quantity < 1 || order.Quantity > mostPieces)
            {
                await app.RefuseAsync(context, HttpStatusCode.BadRequest, $"an order has 1 to {mostPieces} pieces");
                return;
            }

            var charge = await payments.SendAsync(
                HttpMethod.Post, "/charges", new Charge(id, order.Cents), ShopJson.Default.Charge, ShopJson.Default.ChargeReceipt, context.RequestAborted);
            if (!charge.Accepted)
            {
                await app.RefuseAsync(context, HttpStatusCode.PaymentRequired, $"the payment of {order.Cents} cents was declined");
                return;
            }

            var entry = await ledger.SendAsync(
                HttpMethod.Post, "/entries", new Entry(id, order.User, order.Cents), ShopJson.Default.Entry, ShopJson.Default.EntryReceipt, context.RequestAborted);
            await ShopApp.ReplyAsync(context, new OrderReceipt(id, charge.Id, entry.Number), ShopJson.Default.OrderReceipt);
        });
    }
}
