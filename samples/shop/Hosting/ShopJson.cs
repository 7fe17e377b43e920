using System.Text.Json;
using System.Text.Json.Serialization;
using Shop.Cart;
using Shop.Catalog;
using Shop.Ledger;
using Shop.Orders;
using Shop.Payments;
using Shop.Pricing;
using Shop.Web;

namespace Shop.Hosting;

/// <summary>JSON of every message, generated at build time: reflection would cost a good part of the start.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, RespectRequiredConstructorParameters = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StatsDocument))]
[JsonSerializable(typeof(Complaint))]
[JsonSerializable(typeof(Product))]
[JsonSerializable(typeof(Product[]))]
[JsonSerializable(typeof(QuoteRequest))]
[JsonSerializable(typeof(Quote))]
[JsonSerializable(typeof(CartItem))]
[JsonSerializable(typeof(CartOfItems))]
[JsonSerializable(typeof(CartLines))]
[JsonSerializable(typeof(PricedCart))]
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(OrderReceipt))]
[JsonSerializable(typeof(Charge))]
[JsonSerializable(typeof(ChargeReceipt))]
[JsonSerializable(typeof(Entry))]
[JsonSerializable(typeof(EntryReceipt))]
[JsonSerializable(typeof(Purchase))]
[JsonSerializable(typeof(PurchaseReceipt))]
internal sealed partial class ShopJson : JsonSerializerContext;

/// <summary>Body of every refusal.</summary>
internal sealed record Complaint(string Error);
