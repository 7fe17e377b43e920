using Shop.Catalog;
using Shop.Hosting;
using Shop.Orders;

namespace Shop.Web;

/// <summary>Somebody buys something.</summary>
internal sealed record Purchase(string User, string Sku, int Quantity);

/// <summary>Bought: the order, what it cost, and which releases had a part in it.</summary>
internal sealed record PurchaseReceipt(string Order, long Cents, string Web);

/// <summary>What the releases of web have in common: <c>GET /</c> and <c>POST /purchases</c>. They differ in how they speak to the cart.</summary>
internal static class Storefront
{
    /// <summary>Puts a purchase into the cart and says what the cart costs, in cents.</summary>
    public delegate Task<long> FillCart(Upstream cart, Purchase purchase, CancellationToken cancellation);

    /// <summary>Opens it.</summary>
    public static void Open(ShopApp app, FillCart fill)
    {
        var catalog = app.Upstream("catalog");
        var cart = app.Upstream("cart");
        var orders = app.Upstream("orders");
        app.Map(HttpMethod.Get, "/", async context =>
        {
            var products = await catalog.GetAsync("/products", ShopJson.Default.ProductArray, context.RequestAborted);
            context.Response.ContentType = "text/html; charset=utf-8";
            await context.Response.WriteAsync($"<!doctype html><title>Shop</title><h1>Shop</h1><ul>{string.Concat(products.Select(product => $"<li>{product.Name}</li>"))}</ul><p>web {app.Options.Version}</p>");
        });
        app.Map(HttpMethod.Post, "/purchases", async context =>
        {
            var purchase = await ShopApp.BodyAsync(context, ShopJson.Default.Purchase);
            await catalog.GetAsync($"/products/{Uri.EscapeDataString(purchase.Sku)}", ShopJson.Default.Product, context.RequestAborted);
            var cents = await fill(cart, purchase, context.RequestAborted);
            var order = new Order(purchase.User, purchase.Sku, purchase.Quantity, cents);
            var receipt = await orders.SendAsync(HttpMethod.Post, "/orders", order, ShopJson.Default.Order, ShopJson.Default.OrderReceipt, context.RequestAborted);
            await ShopApp.ReplyAsync(context, new PurchaseReceipt(receipt.Id, cents, app.Options.Version.ToString()), ShopJson.Default.PurchaseReceipt);
        });
    }
}
