using Shop.Cart;
using Shop.Hosting;

namespace Shop.Web;

/// <summary>Web 1.2 speaks to cart 2.2.</summary>
internal static class Web12
{
    /// <summary>Opens it.</summary>
    public static void Open(ShopApp app) => Storefront.Open(app, async (cart, purchase, cancellation) =>
    {
        var path = $"/v2/carts/{Uri.EscapeDataString(purchase.User)}";
        var lines = new CartLines([new CartLine(purchase.Sku, purchase.Quantity)]);
        var protocol = (Cart22.ProtocolHeader, Cart22.Protocol);
        return (await cart.SendAsync(HttpMethod.Put, path, lines, ShopJson.Default.CartLines, ShopJson.Default.PricedCart, cancellation, protocol)).Price.Cents;
    });
}
