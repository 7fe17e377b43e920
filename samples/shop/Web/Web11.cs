using Shop.Cart;
using Shop.Hosting;

namespace Shop.Web;

/// <summary>Web 1.1 speaks to cart 2.0 and 2.1.</summary>
internal static class Web11
{
    /// <summary>Opens it.</summary>
    public static void Open(ShopApp app) => Storefront.Open(app, async (cart, purchase, cancellation) =>
    {
        var path = $"/cart/{Uri.EscapeDataString(purchase.User)}/items";
        var item = new CartItem(purchase.Sku, purchase.Quantity);
        return (await cart.SendAsync(HttpMethod.Post, path, item, ShopJson.Default.CartItem, ShopJson.Default.CartOfItems, cancellation)).Total;
    });
}
