using System.Text;

namespace Tutti.Store.Tests;

/// <summary>Shorthand for what the tests write and read.</summary>
internal static class Reading
{
    public static DocumentWrite Put(string kind, string key, string value) => new(kind, key, Encoding.UTF8.GetBytes(value));

    public static DocumentWrite Delete(string kind, string key) => new(kind, key, null);

    public static ValueTask<long> CommitAsync(this IStore store, params DocumentWrite[] batch) => store.CommitAsync(batch, epoch: 0);

    public static async Task<string[]> DocumentsAsync(this IStore store, string? kind = null) =>
        await store.LoadAsync(kind).Select(d => $"{d.Kind}/{d.Key}@{d.Revision}={Text(d.Value)}").ToArrayAsync();

    public static async Task<string[]> ChangesTextAsync(this IStore store, long after = 0) =>
        await store.ChangesAsync(after).Select(c => $"{c.Revision}:{c.Kind}/{c.Key}={Text(c.Value)}").ToArrayAsync();

    public static string Text(ReadOnlyMemory<byte>? value) => value is { } bytes ? $"'{Encoding.UTF8.GetString(bytes.Span)}'" : "deleted";
}
