using System.Text;
using FsCheck.Xunit;
using Tutti.Store.Memory;
using Tutti.Store.Sqlite;

namespace Tutti.Store.Tests.Model;

/// <summary>Random sequences of calls on the SQLite store and on the one in memory: every answer is the same.</summary>
public sealed class StoreModelTests
{
    private static readonly string[] Kinds = ["event", "instance", "node"];
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Property(MaxTest = 150)]
    public void Both_stores_answer_the_same(Tuple<byte, byte, byte>[] calls) => RunAsync(calls).GetAwaiter().GetResult();

    private static async Task RunAsync(Tuple<byte, byte, byte>[] calls)
    {
        using var folder = new TemporaryFolder();
        var limits = new StoreLimits { ValueBytes = 200, BatchWrites = 12 };
        var oracle = new MemoryStore(limits);
        var sqlite = await SqliteStore.OpenAsync(folder.File("tutti.db"), limits);
        try
        {
            foreach (var (a, b, c) in calls)
            {
                if (a % 16 == 15)
                {
                    await sqlite.DisposeAsync();
                    sqlite = await SqliteStore.OpenAsync(folder.File("tutti.db"), limits);
                }

                Assert.Equal(await AnswerAsync(oracle, a, b, c), await AnswerAsync(sqlite, a, b, c));
            }

            Assert.Equal(await oracle.DocumentsAsync(), await sqlite.DocumentsAsync());
        }
        finally
        {
            await sqlite.DisposeAsync();
        }
    }

    private static async Task<string> AnswerAsync(IStore store, byte a, byte b, byte c)
    {
        try
        {
            return (a % 16) switch
            {
                < 6 => $"committed {await store.CommitAsync(Batch(b, c), await EpochAsync(store))}",
                6 => $"committed {await store.CommitAsync(Batch(b, c), b % 4)}",
                7 => $"{await store.AcquireLeaseAsync(b % 2 == 0 ? "one" : "two", TimeSpan.FromSeconds(b % 30), Start.AddSeconds(c))}",
                8 => await Done(store.CompactAsync(b % 40)),
                9 or 10 => string.Join('\n', await store.ChangesTextAsync((b % 40) - 1)),
                11 => string.Join('\n', await store.DocumentsAsync()),
                12 => string.Join('\n', await store.DocumentsAsync(Kinds[b % 3])),
                13 => $"{(await store.GetAsync(Kinds[b % 3], Key(c)))?.Revision}",
                _ => $"{await store.RevisionAsync()}",
            };
        }
        catch (StoreException e)
        {
            return $"{e.GetType().Name}: {e.Message}";
        }
    }

    private static DocumentWrite[] Batch(byte b, byte c)
    {
        var random = new Random((b << 8) | c);
        var batch = new DocumentWrite[b % 14];
        for (var i = 0; i < batch.Length; i++)
        {
            var value = random.Next(4) == 0 ? (ReadOnlyMemory<byte>?)null : Encoding.UTF8.GetBytes(new string((char)('a' + i), random.Next(202)));
            batch[i] = new DocumentWrite(Kinds[random.Next(3)], Key((byte)random.Next(256)), value);
        }

        return batch;
    }

    private static string Key(byte b) => new((char)('A' + (b % 20)), 1 + (b % 3));

    // A commit that no epoch allows says which one is in force, and changes nothing.
    private static async Task<long> EpochAsync(IStore store)
    {
        try
        {
            await store.CommitAsync(ReadOnlyMemory<DocumentWrite>.Empty, epoch: -1);
            throw new InvalidOperationException("epoch -1 was accepted");
        }
        catch (FencedException e)
        {
            return e.Current;
        }
    }

    private static async Task<string> Done(ValueTask work)
    {
        await work;
        return "done";
    }
}
