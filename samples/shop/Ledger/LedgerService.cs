using Shop.Hosting;

namespace Shop.Ledger;

/// <summary>Something to be written down.</summary>
internal sealed record Entry(string Order, string User, long Cents);

/// <summary>That it is written down, and as the how manieth.</summary>
internal sealed record EntryReceipt(long Number);

/// <summary>The ledger, the pet of the shop: <c>POST /entries</c> into a file in its volume; counts survive restarts. 1.1 also shows the sum.</summary>
internal static class LedgerService
{
    /// <summary>Release 1.0.</summary>
    public static void Open(ShopApp app) => OpenBook(app);

    /// <summary>Release 1.1.</summary>
    public static void OpenWithTotals(ShopApp app)
    {
        var book = OpenBook(app);
        app.Stats.Show("totalCents", () => book.TotalCents);
    }

    private static LedgerFile OpenBook(ShopApp app)
    {
        var book = LedgerFile.Open(app.Options.Data);
        app.Stats.Show("entries", () => book.Count);
        app.Map(HttpMethod.Post, "/entries", async context =>
        {
            var entry = await ShopApp.BodyAsync(context, ShopJson.Default.Entry);
            await ShopApp.ReplyAsync(context, new EntryReceipt(await book.AppendAsync(entry, context.RequestAborted)), ShopJson.Default.EntryReceipt);
        });
        return book;
    }
}
