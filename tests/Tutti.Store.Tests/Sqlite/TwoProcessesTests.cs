using Tutti.Store.Sqlite;
using static Tutti.Store.Tests.Reading;

namespace Tutti.Store.Tests.Sqlite;

public sealed class TwoProcessesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task The_one_that_lost_the_lease_is_fenced()
    {
        using var folder = new TemporaryFolder();
        await using var first = await SqliteStore.OpenAsync(folder.File("tutti.db"));
        await using var second = await SqliteStore.OpenAsync(folder.File("tutti.db"));

        var old = await first.AcquireLeaseAsync("first", TimeSpan.FromSeconds(10), Noon);
        await first.CommitAsync(new[] { Put("a", "x", "1") }, old.Epoch);
        Assert.Equal("first", (await second.AcquireLeaseAsync("second", TimeSpan.FromSeconds(10), Noon.AddSeconds(1))).Holder);

        var now = await second.AcquireLeaseAsync("second", TimeSpan.FromSeconds(10), Noon.AddSeconds(11));
        Assert.Equal(("second", 2), (now.Holder, now.Epoch));
        var fenced = await Assert.ThrowsAsync<FencedException>(async () => await first.CommitAsync(new[] { Put("a", "x", "lost") }, old.Epoch));
        Assert.Contains("the current epoch is 2, another server leads", fenced.Message);
        Assert.Equal(2, await second.CommitAsync(new[] { Put("a", "x", "2") }, now.Epoch));
        Assert.Equal(["a/x@2='2'"], await first.DocumentsAsync());
        Assert.Equal(2, await first.RevisionAsync());
    }

    [Fact]
    public async Task Both_may_write_at_once_and_every_commit_gets_a_revision_of_its_own()
    {
        using var folder = new TemporaryFolder();
        await using var first = await SqliteStore.OpenAsync(folder.File("tutti.db"));
        await using var second = await SqliteStore.OpenAsync(folder.File("tutti.db"));
        var revisions = await Task.WhenAll(WriteAsync(first), WriteAsync(second));
        Assert.Equal(Enumerable.Range(1, 200).Select(i => (long)i), revisions.SelectMany(r => r).Order());
        Assert.Equal(200, await first.ChangesAsync(0).CountAsync());

        static async Task<List<long>> WriteAsync(SqliteStore store)
        {
            var revisions = new List<long>();
            for (var i = 0; i < 100; i++)
                revisions.Add(await store.CommitAsync(Put("a", "x", "1")));
            return revisions;
        }
    }

    [Fact]
    public async Task Many_may_create_the_file_at_once()
    {
        for (var round = 0; round < 10; round++)
        {
            using var folder = new TemporaryFolder();
            var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SqliteStore.OpenAsync(folder.File("tutti.db"))));
            Assert.Equal(1, await stores[3].CommitAsync(Put("a", "x", "1")));
            Assert.Equal(1, await stores[0].RevisionAsync());
            foreach (var store in stores)
                await store.DisposeAsync();
        }
    }
}
