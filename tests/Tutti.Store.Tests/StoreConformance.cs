using static Tutti.Store.Tests.Reading;

namespace Tutti.Store.Tests;

/// <summary>What every store does, said once.</summary>
public abstract class StoreConformance : IAsyncDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private IStore? _store;

    /// <summary>Opens the store of this test; a second time after the first was disposed of.</summary>
    protected abstract Task<IStore> OpenAsync(StoreLimits? limits = null);

    private async Task<IStore> StoreAsync(StoreLimits? limits = null) => _store ??= await OpenAsync(limits);

    private async Task<IStore> ReopenAsync()
    {
        await _store!.DisposeAsync();
        return _store = await OpenAsync();
    }

    [Fact]
    public async Task An_empty_store_has_revision_0_and_nothing_in_it()
    {
        var store = await StoreAsync();
        Assert.Equal(0, await store.RevisionAsync());
        Assert.Empty(await store.DocumentsAsync());
        Assert.Empty(await store.ChangesTextAsync());
        Assert.Null(await store.GetAsync("service", "shop/web"));
    }

    [Fact]
    public async Task A_commit_raises_the_revision_by_one_and_gives_it_to_its_documents()
    {
        var store = await StoreAsync();
        Assert.Equal(1, await store.CommitAsync(Put("service", "b", "1"), Put("service", "a", "2")));
        Assert.Equal(2, await store.CommitAsync(Put("node", "n", "3")));
        Assert.Equal(2, await store.RevisionAsync());
        Assert.Equal(["node/n@2='3'", "service/a@1='2'", "service/b@1='1'"], await store.DocumentsAsync());
        Assert.Equal(["service/a@1='2'", "service/b@1='1'"], await store.DocumentsAsync("service"));
        Assert.Equal(["1:service/b='1'", "1:service/a='2'", "2:node/n='3'"], await store.ChangesTextAsync());
    }

    [Fact]
    public async Task An_empty_batch_is_a_revision_without_changes()
    {
        var store = await StoreAsync();
        Assert.Equal(1, await store.CommitAsync());
        Assert.Equal(2, await store.CommitAsync(Put("a", "b", "c")));
        Assert.Equal(["2:a/b='c'"], await store.ChangesTextAsync());
    }

    [Fact]
    public async Task The_last_write_of_a_key_in_a_batch_counts_and_all_are_logged()
    {
        var store = await StoreAsync();
        await store.CommitAsync(Put("a", "x", "1"), Delete("a", "x"), Put("a", "x", "2"), Put("a", "y", "3"), Delete("a", "y"));
        Assert.Equal(["a/x@1='2'"], await store.DocumentsAsync());
        Assert.Equal(["1:a/x='1'", "1:a/x=deleted", "1:a/x='2'", "1:a/y='3'", "1:a/y=deleted"], await store.ChangesTextAsync());
    }

    [Fact]
    public async Task Deleting_what_is_not_there_is_logged()
    {
        var store = await StoreAsync();
        await store.CommitAsync(Delete("a", "x"));
        Assert.Equal(["1:a/x=deleted"], await store.ChangesTextAsync());
        Assert.Empty(await store.DocumentsAsync());
    }

    [Fact]
    public async Task Empty_texts_and_values_and_every_character_are_kept()
    {
        var store = await StoreAsync();
        await store.CommitAsync(Put("", "", ""), Put("k\0k", "é\0漢😀", "\0"));
        Assert.Equal(["/@1=''", "k\0k/é\0漢😀@1='\0'"], await store.DocumentsAsync());
        Assert.Equal(["1:/=''", "1:k\0k/é\0漢😀='\0'"], await store.ChangesTextAsync());
        Assert.Equal("''", Text((await store.GetAsync("", ""))!.Value));
        Assert.Equal("k\0k", (await store.GetAsync("k\0k", "é\0漢😀"))!.Kind);
    }

    [Fact]
    public async Task Documents_come_in_the_order_of_their_UTF8_bytes()
    {
        var store = await StoreAsync();
        string[] keys = ["", "A", "B", "a", "aa", "ab", "a\u00e9", "\uffee", "😀"];
        await store.CommitAsync([.. keys.Reverse().Select(k => Put("a", k, "1"))]);
        Assert.Equal(keys, await store.LoadAsync().Select(d => d.Key).ToArrayAsync());
        Assert.Equal(keys, await store.LoadAsync("a").Select(d => d.Key).ToArrayAsync());
    }

    [Fact]
    public async Task Half_a_surrogate_pair_is_no_key()
    {
        var store = await StoreAsync();
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.CommitAsync(Put("a", "\ud800", "1")));
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.CommitAsync(default(DocumentWrite)));
        Assert.Equal(0, await store.RevisionAsync());
    }

    [Fact]
    public async Task The_caller_may_use_its_buffer_again_after_the_commit()
    {
        var store = await StoreAsync();
        var buffer = "one"u8.ToArray();
        await store.CommitAsync(new DocumentWrite("a", "x", buffer));
        buffer[0] = (byte)'X';
        Assert.Equal(["a/x@1='one'"], await store.DocumentsAsync());
        Assert.Equal(["1:a/x='one'"], await store.ChangesTextAsync());
    }

    [Fact]
    public async Task A_load_is_as_of_one_revision_though_commits_go_on()
    {
        var store = await StoreAsync();
        await store.CommitAsync([.. Enumerable.Range(0, 5_000).Select(i => Put("a", $"{i:D5}", "old"))]);
        var seen = 0;
        await foreach (var document in store.LoadAsync())
        {
            if (seen++ == 0)
                await store.CommitAsync([.. Enumerable.Range(0, 6_000).Select(i => i % 2 == 0 ? Put("a", $"{i:D5}", "new") : Delete("a", $"{i:D5}"))]);
            Assert.Equal((1L, "'old'"), (document.Revision, Text(document.Value)));
        }

        Assert.Equal(5_000, seen);
        Assert.Equal(3_000, await store.LoadAsync().CountAsync());
    }

    [Fact]
    public async Task A_change_feed_resumes_after_any_revision_and_ends_where_it_began_to_be_read()
    {
        var store = await StoreAsync();
        for (var i = 0; i < 10; i++)
            await store.CommitAsync([.. Enumerable.Range(0, 700).Select(n => Put("a", $"{i}/{n}", "v"))]);
        for (var after = 0; after <= 10; after++)
            Assert.Equal((10 - after) * 700, await store.ChangesAsync(after).CountAsync());
        Assert.Equal(0, await store.ChangesAsync(long.MaxValue).CountAsync());
        Assert.Equal(7_000, await store.ChangesAsync(-5).CountAsync());

        var seen = 0;
        await foreach (var change in store.ChangesAsync(3))
        {
            if (seen++ == 0)
                await store.CommitAsync(Put("a", "late", "v"));
            Assert.NotEqual("late", change.Key);
        }
    }

    [Fact]
    public async Task Compacted_changes_are_refused_and_documents_stay()
    {
        var store = await StoreAsync();
        for (var i = 1; i <= 5; i++)
            await store.CommitAsync(Put("a", $"{i}", "v"), Put("a", "same", $"{i}"));
        await store.CompactAsync(3);
        await store.CompactAsync(2);
        await store.CompactAsync(3);

        var refused = await Assert.ThrowsAsync<CompactedException>(async () => await store.ChangesTextAsync(2));
        Assert.Equal(3, refused.Oldest);
        Assert.Contains("load the documents instead", refused.Message);
        Assert.Equal(["4:a/4='v'", "4:a/same='4'", "5:a/5='v'", "5:a/same='5'"], await store.ChangesTextAsync(3));
        Assert.Equal(6, (await store.DocumentsAsync()).Length);

        await store.CompactAsync(long.MaxValue);
        Assert.Equal(5, await store.RevisionAsync());
        Assert.Empty(await store.ChangesTextAsync(5));
        Assert.Equal(6, await store.CommitAsync(Put("a", "x", "v")));
        Assert.Equal(["6:a/x='v'"], await store.ChangesTextAsync(5));
    }

    [Fact]
    public async Task The_lease_is_renewed_by_its_holder_and_taken_when_it_has_run_out()
    {
        var store = await StoreAsync();
        var ten = TimeSpan.FromSeconds(10);
        Assert.Equal(new Lease("a", 1, Noon + ten), await store.AcquireLeaseAsync("a", ten, Noon));
        Assert.Equal(new Lease("a", 1, Noon + ten), await store.AcquireLeaseAsync("b", ten, Noon.AddSeconds(9)));
        Assert.Equal(new Lease("a", 1, Noon.AddSeconds(15)), await store.AcquireLeaseAsync("a", ten, Noon.AddSeconds(5)));
        Assert.Equal(new Lease("b", 2, Noon.AddSeconds(25)), await store.AcquireLeaseAsync("b", ten, Noon.AddSeconds(15)));
        Assert.Equal(new Lease("b", 3, Noon.AddSeconds(50)), await store.AcquireLeaseAsync("b", ten, Noon.AddSeconds(40)));
        Assert.Equal(new Lease("c", 4, Noon.AddSeconds(51)), await store.AcquireLeaseAsync("c", ten, Noon.AddSeconds(41), takeOver: true));
        Assert.Equal(new Lease("c", 5, Noon.AddSeconds(51)), await store.AcquireLeaseAsync("c", ten, Noon.AddSeconds(41), takeOver: true));
        Assert.Equal(new Lease("b", 6, Noon.AddSeconds(51)), await store.AcquireLeaseAsync("b", ten, Noon.AddSeconds(41), takeOver: true));
        Assert.Equal(new Lease("b", 6, Noon.AddSeconds(41)), await store.AcquireLeaseAsync("b", TimeSpan.Zero, Noon.AddSeconds(41)));
        Assert.Equal(7, (await store.AcquireLeaseAsync("a", ten, Noon.AddSeconds(41).ToOffset(TimeSpan.FromHours(5)))).Epoch);

        store = await ReopenAsync();
        Assert.Equal(new Lease("a", 7, Noon.AddSeconds(51)), await store.AcquireLeaseAsync("c", ten, Noon.AddSeconds(50)));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await store.AcquireLeaseAsync("a", -ten, Noon));
    }

    [Fact]
    public async Task A_commit_of_another_epoch_is_refused()
    {
        var store = await StoreAsync();
        var lease = await store.AcquireLeaseAsync("a", TimeSpan.FromSeconds(1), Noon);
        var fenced = await Assert.ThrowsAsync<FencedException>(async () => await store.CommitAsync(new[] { Put("a", "x", "1") }, epoch: 0));
        Assert.Equal((0, 1), (fenced.Epoch, fenced.Current));
        await Assert.ThrowsAsync<FencedException>(async () => await store.CommitAsync(new[] { Put("a", "x", "1") }, epoch: 2));
        Assert.Equal(0, await store.RevisionAsync());
        Assert.Equal(1, await store.CommitAsync(new[] { Put("a", "x", "1") }, lease.Epoch));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_batch_over_a_bound_is_refused_whole(int bound)
    {
        var store = await StoreAsync(new StoreLimits { ValueBytes = 10, BatchWrites = 4, BatchBytes = 30 });
        DocumentWrite[] batch = bound switch
        {
            0 => [Put("a", "x", "ok"), Put("a", "big", "12345678901")],
            1 => [.. Enumerable.Range(0, 5).Select(i => Put("a", $"{i}", ""))],
            _ => [Put("a", "1", "1234567890"), Put("a", "2", "1234567890"), Put("a", "3", "12345")],
        };
        var refused = await Assert.ThrowsAsync<BatchTooLargeException>(async () => await store.CommitAsync(batch));
        Assert.Contains(new[] { "'big' refused: it has 11 bytes, the bound is 10", "5 writes refused: the bound is 4", "31 bytes refused: the bound is 30" }[bound], refused.Message);
        Assert.Equal(0, await store.RevisionAsync());
        Assert.Equal(1, await store.CommitAsync(Put("a", "1", "1234567890"), Put("a", "2", "1234567890"), Put("a", "3", "1234")));
    }

    [Fact]
    public async Task A_full_store_refuses_and_compacting_makes_room()
    {
        var store = await StoreAsync(new StoreLimits { StoreBytes = 400_000 });
        var value = new string('v', 2_000);
        var committed = 0;
        var full = await Assert.ThrowsAsync<StoreException>(async () =>
        {
            for (; committed < 1_000; committed++)
                await store.CommitAsync(Put("a", "same", value));
        });
        Assert.Contains("StoreBytes", full.Message);
        Assert.Contains("compact", full.Message);
        Assert.InRange(committed, 50, 250);
        Assert.Equal(committed, await store.RevisionAsync());
        Assert.Equal(committed, await store.ChangesAsync(0).CountAsync());

        await store.AcquireLeaseAsync("a", TimeSpan.FromSeconds(1), Noon);
        await store.CompactAsync(committed);
        Assert.Equal(committed + 1, await store.CommitAsync(new[] { Put("a", "same", value) }, epoch: 1));
    }

    [Fact]
    public async Task Everything_is_there_after_it_was_closed_and_opened()
    {
        var store = await StoreAsync();
        await store.CommitAsync(Put("a", "x", "1"), Put("a", "y", "1"));
        await store.CommitAsync(Put("a", "x", "2"), Delete("a", "y"));
        await store.CompactAsync(1);
        store = await ReopenAsync();
        Assert.Equal(2, await store.RevisionAsync());
        Assert.Equal(["a/x@2='2'"], await store.DocumentsAsync());
        Assert.Equal(["2:a/x='2'", "2:a/y=deleted"], await store.ChangesTextAsync(1));
        await Assert.ThrowsAsync<CompactedException>(async () => await store.ChangesTextAsync(0));
        Assert.Equal(3, await store.CommitAsync(Put("a", "z", "3")));
    }

    [Fact]
    public async Task A_cancelled_call_does_nothing()
    {
        var store = await StoreAsync();
        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.CommitAsync(new[] { Put("a", "x", "1") }, 0, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.RevisionAsync(cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.GetAsync("a", "x", cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.CompactAsync(1, cancelled));
        Assert.Equal(0, await store.RevisionAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is not null)
            await _store.DisposeAsync();
        CleanUp();
        GC.SuppressFinalize(this);
    }

    /// <summary>Removes what the stores have left behind.</summary>
    protected virtual void CleanUp()
    {
    }
}
