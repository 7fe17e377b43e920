using Shop.Cart;
using Shop.Catalog;
using Shop.Ledger;
using Shop.Orders;
using Shop.Payments;
using Shop.Pricing;
using Shop.Shopper;
using Shop.Web;

namespace Shop.Hosting;

/// <summary>Every service and the releases of it that behave differently. A version in between, or newer, behaves as the newest one here that is not newer than it.</summary>
internal static class Releases
{
    private static readonly (string Service, Version Since, Action<ShopApp> Open)[] _all =
    [
        ("web", new(1, 1), Web11.Open),
        ("web", new(1, 2), Web12.Open),
        ("cart", new(2, 0), Cart20.Open),
        ("cart", new(2, 2), Cart22.Open),
        ("catalog", new(1, 0), CatalogService.Open),
        ("catalog", new(1, 1), CatalogService.OpenWithDescriptions),
        ("pricing", new(1, 0), PricingService.Open),
        ("pricing", new(1, 1), PricingService.OpenWithDiscount),
        ("orders", new(1, 0), OrdersService.Open),
        ("orders", new(1, 1), OrdersService.OpenWithLargeOrders),
        ("payments", new(1, 0), PaymentsService.Open),
        ("payments", new(1, 1), PaymentsService.OpenWithLimit),
        ("ledger", new(1, 0), LedgerService.Open),
        ("ledger", new(1, 1), LedgerService.OpenWithTotals),
        ("shopper", new(1, 0), ShopperService.Open),
        ("shopper", new(1, 1), ShopperService.OpenWithLargeBaskets),
    ];

    /// <summary>Null: there is no such service, or none so old.</summary>
    public static Action<ShopApp>? Find(string service, Version version) =>
        _all.LastOrDefault(release => release.Service == service && release.Since <= version).Open;

    /// <summary>All of them in a line.</summary>
    public static string Describe() => string.Join(", ", _all.Select(release => $"{release.Service} {release.Since}"));
}
