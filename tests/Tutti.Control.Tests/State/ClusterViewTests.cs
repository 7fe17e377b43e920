using Tutti.Control.State;

namespace Tutti.Control.Tests.State;

public sealed class ClusterViewTests
{
    private readonly ClusterView _view = new(changesKept: 3, watcherQueue: 2);

    [Fact]
    public void A_subscription_begins_right_after_what_was_read()
    {
        Publish(1);
        var (seen, subscription) = _view.ReadAndSubscribe((state, revision) => (state.Architectures.Count, revision));
        using (subscription)
        {
            Publish(2);

            Assert.Equal((1, 1), seen);
            Assert.Equal([2], Drain(subscription));
        }
    }

    [Fact]
    public void Under_writing_there_is_neither_a_gap_nor_an_overlap()
    {
        var view = new ClusterView(10, 100_000);
        var writer = Task.Run(() =>
        {
            for (var revision = 1; revision <= 20_000; revision++)
            {
                view.Publish(Batch(revision));
            }
        });
        while (!writer.IsCompleted)
        {
            var (read, subscription) = view.ReadAndSubscribe((_, revision) => revision);
            using (subscription)
            {
                if (subscription.Batches.TryRead(out var first))
                {
                    Assert.Equal(read + 1, first.Revision);
                }
            }
        }

        Assert.Equal(20_000, view.Revision);
    }

    [Fact]
    public void Resumes_after_a_revision_while_its_followers_are_kept()
    {
        for (var revision = 1; revision <= 5; revision++)
        {
            Publish(revision);
        }

        // 3, 4 and 5 are kept; a watcher's queue holds two.
        Assert.Equal([4, 5], Drain(_view.Resume(3)!));
        Assert.Equal([], Drain(_view.Resume(5)!));
        Assert.Null(_view.Resume(2));
        Assert.Null(_view.Resume(1));
        Assert.Null(_view.Resume(6));
    }

    [Fact]
    public async Task A_slow_watcher_ends_with_an_error_and_the_others_go_on()
    {
        using var slow = _view.Resume(0)!;
        using var quick = _view.Resume(0)!;
        for (var revision = 1; revision <= 3; revision++)
        {
            Publish(revision);
            Assert.True(quick.Batches.TryRead(out _));
        }

        Assert.Equal([1, 2], Drain(slow));
        await Assert.ThrowsAsync<WatcherTooSlowException>(() => slow.Batches.Completion);
        Assert.False(quick.Batches.Completion.IsCompleted);
    }

    [Fact]
    public async Task A_reset_ends_every_watch_so_that_all_read_afresh()
    {
        using var watch = _view.Resume(0)!;
        Publish(1);
        _view.Reset([], 7);

        Assert.Equal([1], Drain(watch));
        await watch.Batches.Completion;
        Assert.Equal((7, 0), _view.Read((state, revision) => (revision, state.Architectures.Count)));
        Assert.Null(_view.Resume(6));
        Assert.NotNull(_view.Resume(7));
    }

    [Fact]
    public void A_disposed_watch_gets_nothing_more()
    {
        var watch = _view.Resume(0)!;
        watch.Dispose();
        Publish(1);

        Assert.Equal([], Drain(watch));
        Assert.True(watch.Batches.Completion.IsCompleted);
    }

    private void Publish(long revision) => _view.Publish(Batch(revision));

    private static CommittedBatch Batch(long revision)
    {
        var after = new Architecture { Name = "shop", CurrentSet = (int)revision, LastSet = (int)revision };
        return new CommittedBatch(revision, [new Change(DocumentKinds.KeyOf(after), null, after)]);
    }

    private static List<long> Drain(Subscription subscription)
    {
        var revisions = new List<long>();
        while (subscription.Batches.TryRead(out var batch))
        {
            revisions.Add(batch.Revision);
        }

        return revisions;
    }
}
