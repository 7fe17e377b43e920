using System.Net;
using Shop.Hosting;

namespace Shop.Catalog;

/// <summary>What can be bought.</summary>
/// <param name="Sku">Stock number.</param>
/// <param name="Name">For people.</param>
/// <param name="Description">Since 1.1.</param>
internal sealed record Product(string Sku, string Name, string? Description = null);

/// <summary>The catalog: <c>GET /products</c>, <c>GET /products/{sku}</c>. 1.1 adds descriptions, which callers of 1.0 do not mind.</summary>
internal static class CatalogService
{
    private static readonly Product[] _products =
    [
        new("tea", "Tea", "Green, from this spring"),
        new("cup", "Cup", "Holds a quarter of a litre"),
        new("pot", "Pot", "Cast iron"),
    ];

    /// <summary>Release 1.0.</summary>
    public static void Open(ShopApp app) => Open(app, [.. _products.Select(product => product with { Description = null })]);

    /// <summary>Release 1.1.</summary>
    public static void OpenWithDescriptions(ShopApp app) => Open(app, _products);

    private static void Open(ShopApp app, Product[] products)
    {
        app.Map(HttpMethod.Get, "/products", context => ShopApp.ReplyAsync(context, products, ShopJson.Default.ProductArray));
        app.Map(HttpMethod.Get, "/products/{sku}", context =>
        {
            var sku = (string)context.Request.RouteValues["sku"]!;
            return products.FirstOrDefault(each => each.Sku == sku) is { } product
                ? ShopApp.ReplyAsync(context, product, ShopJson.Default.Product)
                : app.RefuseAsync(context, HttpStatusCode.NotFound, $"there is no product '{sku}'");
        });
    }
}
