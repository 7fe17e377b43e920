using Tutti.Store.Sqlite;

namespace Tutti.Store.Tests.Sqlite;

public sealed class CheckpointTests
{
    [Fact]
    public async Task The_log_starts_again_under_steady_writing()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("tutti.db");
        await using var store = await SqliteStore.OpenAsync(path);
        var value = new byte[1 << 20];
        var longest = 0L;
        for (var i = 0; i < 250; i++)
        {
            await store.CommitAsync(new DocumentWrite("a", $"{i % 8}", value));
            longest = Math.Max(longest, new FileInfo(path + "-wal").Length);
            if (i % 10 == 0)
                await store.CompactAsync(i);
        }

        // Without checkpoints it would be over 500 MiB; it starts one at 64 MiB, and commits go on meanwhile.
        Assert.InRange(longest, 60L << 20, 350L << 20);
    }
}
