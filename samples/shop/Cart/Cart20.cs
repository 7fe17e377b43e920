using Shop.Hosting;
using Shop.Pricing;

namespace Shop.Cart;

/// <summary>One thing put into a cart, as 2.0 and 2.1 spell it.</summary>
internal sealed record CartItem(string Sku, int Qty);

/// <summary>A cart, as 2.0 and 2.1 spell it; the total is in cents.</summary>
internal sealed record CartOfItems(string User, CartItem[] Items, long Total);

/// <summary>Cart 2.0 and 2.1: things are added one at a time with <c>POST /cart/{user}/items</c>.</summary>
internal static class Cart20
{
    private const int MostItems = 20;

    /// <summary>Opens it.</summary>
    public static void Open(ShopApp app)
    {
        var pricing = app.Upstream("pricing");
        var carts = new CartStore<CartOfItems>();
        app.Stats.Show("carts", () => carts.Count);
        app.Map(HttpMethod.Post, "/cart/{user}/items", async context =>
        {
            var user = (string)context.Request.RouteValues["user"]!;
            var item = await ShopApp.BodyAsync(context, ShopJson.Default.CartItem);
            var quote = await pricing.SendAsync(
                HttpMethod.Post, "/quotes", new QuoteRequest(item.Sku, item.Qty), ShopJson.Default.QuoteRequest, ShopJson.Default.Quote, context.RequestAborted);
            var before = carts.Find(user) ?? new CartOfItems(user, [], 0);
            var after = before with { Items = [.. before.Items.TakeLast(MostItems - 1), item], Total = before.Total + quote.Cents };
            carts.Put(user, after);
            await ShopApp.ReplyAsync(context, after, ShopJson.Default.CartOfItems);
        });
    }
}
