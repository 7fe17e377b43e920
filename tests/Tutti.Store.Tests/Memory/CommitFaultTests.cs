using Tutti.Store.Memory;
using static Tutti.Store.Tests.Reading;

namespace Tutti.Store.Tests.Memory;

public sealed class CommitFaultTests
{
    [Fact]
    public async Task A_commit_fails_before_or_after_it_is_written()
    {
        var faults = new Queue<CommitFault>([CommitFault.BeforeWrite, CommitFault.AfterWrite, CommitFault.None]);
        var store = new MemoryStore { CommitFaults = faults.Dequeue };

        await Assert.ThrowsAsync<StoreException>(async () => await store.CommitAsync(Put("a", "x", "1")));
        Assert.Equal(0, await store.RevisionAsync());
        Assert.Empty(await store.DocumentsAsync());

        await Assert.ThrowsAsync<StoreException>(async () => await store.CommitAsync(Put("a", "x", "2")));
        Assert.Equal(["a/x@1='2'"], await store.DocumentsAsync());
        Assert.Equal(["1:a/x='2'"], await store.ChangesTextAsync());

        Assert.Equal(2, await store.CommitAsync(Put("a", "x", "3")));
    }

    [Fact]
    public async Task A_refused_commit_asks_for_no_fault()
    {
        var store = new MemoryStore { CommitFaults = () => throw new InvalidOperationException("asked") };
        await Assert.ThrowsAsync<FencedException>(async () => await store.CommitAsync(new[] { Put("a", "x", "1") }, epoch: 1));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await store.CommitAsync(Put("a", "x", "1")));
    }

    [Fact]
    public void Every_call_completes_before_it_returns()
    {
        var store = new MemoryStore();
        Assert.True(store.CommitAsync(Put("a", "x", "1")).IsCompletedSuccessfully);
        Assert.True(store.AcquireLeaseAsync("a", TimeSpan.FromSeconds(1), DateTimeOffset.UnixEpoch).IsCompletedSuccessfully);
        Assert.True(store.CommitAsync(Put("a", "x", "1")).IsFaulted);
        Assert.True(store.CompactAsync(1).IsCompletedSuccessfully);
        Assert.True(store.LoadAsync().GetAsyncEnumerator(TestContext.Current.CancellationToken).MoveNextAsync().IsCompletedSuccessfully);
    }
}
