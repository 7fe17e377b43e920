using Shop.Hosting;

namespace Shop.Pricing;

/// <summary>How much of what.</summary>
internal sealed record QuoteRequest(string Sku, int Quantity);

/// <summary>What it costs, in cents.</summary>
internal sealed record Quote(string Sku, int Quantity, long Cents);

/// <summary>Prices: <c>POST /quotes</c>. 1.1 gives a tenth off from ten pieces on.</summary>
internal static class PricingService
{
    private const int DiscountFrom = 10;

    /// <summary>Release 1.0.</summary>
    public static void Open(ShopApp app) => Open(app, static (_, cents) => cents);

    /// <summary>Release 1.1.</summary>
    public static void OpenWithDiscount(ShopApp app) => Open(app, static (quantity, cents) => quantity >= DiscountFrom ? cents * 9 / 10 : cents);

    private static void Open(ShopApp app, Func<int, long, long> reduce) => app.Map(HttpMethod.Post, "/quotes", async context =>
    {
        var request = await ShopApp.BodyAsync(context, ShopJson.Default.QuoteRequest);
        var each = request.Sku switch { "tea" => 490, "cup" => 1250, _ => 3900 };
        await ShopApp.ReplyAsync(context, new Quote(request.Sku, request.Quantity, reduce(request.Quantity, (long)each * request.Quantity)), ShopJson.Default.Quote);
    });
}
