using System.Net;
using Shop.Hosting;
using Shop.Pricing;

namespace Shop.Cart;

/// <summary>One line of a cart, as 2.2 spells it.</summary>
internal sealed record CartLine(string Product, int Quantity);

/// <summary>All lines of a cart, as 2.2 takes them.</summary>
internal sealed record CartLines(CartLine[] Lines);

/// <summary>A cart with its price, as 2.2 spells it.</summary>
internal sealed record PricedCart(string Owner, CartLine[] Lines, Money Price);

/// <summary>An amount in hundredths of a currency.</summary>
internal sealed record Money(long Cents, string Currency);

/// <summary>Cart 2.2: a cart is written whole with <c>PUT /v2/carts/{user}</c>, and every call says which protocol it speaks.
/// Nothing of 2.0 is understood, and nothing of this was understood by 2.0.</summary>
internal static class Cart22
{
    /// <summary>The header that names the protocol.</summary>
    public const string ProtocolHeader = "Cart-Protocol";

    /// <summary>The protocol.</summary>
    public const string Protocol = "2.2";

    private const int MostLines = 20;

    /// <summary>Opens it.</summary>
    public static void Open(ShopApp app)
    {
        var pricing = app.Upstream("pricing");
        var carts = new CartStore<PricedCart>();
        app.Stats.Show("carts", () => carts.Count);
        app.Map(HttpMethod.Put, "/v2/carts/{user}", async context =>
        {
            if (context.Request.Headers[ProtocolHeader] != Protocol)
            {
                await app.RefuseAsync(context, HttpStatusCode.BadRequest, $"the header {ProtocolHeader}: {Protocol} is required");
                return;
            }

            var user = (string)context.Request.RouteValues["user"]!;
            var lines = (await ShopApp.BodyAsync(context, ShopJson.Default.CartLines)).Lines;
            if (lines.Length > MostLines)
            {
                await app.RefuseAsync(context, HttpStatusCode.BadRequest, $"a cart has at most {MostLines} lines");
                return;
            }

            long cents = 0;
            foreach (var line in lines)
            {
                var request = new QuoteRequest(line.Product, line.Quantity);
                cents += (await pricing.SendAsync(HttpMethod.Post, "/quotes", request, ShopJson.Default.QuoteRequest, ShopJson.Default.Quote, context.RequestAborted)).Cents;
            }

            var cart = new PricedCart(user, lines, new Money(cents, "EUR"));
            carts.Put(user, cart);
            await ShopApp.ReplyAsync(context, cart, ShopJson.Default.PricedCart);
        });
    }
}
