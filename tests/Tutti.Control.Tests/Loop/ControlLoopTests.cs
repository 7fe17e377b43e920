using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Tutti.Control.Commands;
using Tutti.Control.Loop;
using Tutti.Model.Agents;
using Tutti.Model.Quantities;
using Tutti.Store;
using Tutti.Store.Memory;
using Tutti.Store.Sqlite;

namespace Tutti.Control.Tests.Loop;

public sealed class ControlLoopTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);
    private readonly GatedStore _store = new();

    [Fact]
    public async Task Acknowledges_only_what_is_committed()
    {
        await using var loop = await StartAsync(_store);
        _store.Close();
        var submitted = loop.SubmitAsync(Register("n1"));
        await _store.ArrivedAsync();

        Assert.False(submitted.IsCompleted);
        Assert.Equal(0, Nodes(loop));
        _store.Open();
        var result = await submitted.WaitAsync(_patience);
        Assert.Equal(1, Nodes(loop));
        Assert.InRange(result.Revision, 1, loop.View.Revision);
    }

    [Fact]
    public async Task Callers_that_come_while_a_batch_is_written_share_the_next_one()
    {
        await using var loop = await StartAsync(_store);
        _store.Close();
        var first = loop.SubmitAsync(Register("first"));
        await _store.ArrivedAsync();
        var before = _store.Commits;
        var others = Enumerable.Range(0, 500).Select(i => loop.SubmitAsync(Register($"n{i}"))).ToList();
        _store.Open();
        await first.WaitAsync(_patience);
        await Task.WhenAll(others).WaitAsync(_patience);

        Assert.Equal(501, Nodes(loop));
        Assert.InRange(_store.Commits - before, 1, 10);
    }

    [Theory]
    [InlineData(CommitFault.BeforeWrite)]
    [InlineData(CommitFault.AfterWrite)]
    public async Task A_failed_commit_keeps_what_was_acknowledged_and_tells_who_was_not(CommitFault fault)
    {
        await using var loop = await StartAsync(_store);
        await loop.SubmitAsync(Register("n1")).WaitAsync(_patience);
        using var watch = loop.View.Resume(loop.View.Revision)!;
        var faults = 1;
        _store.Inner.CommitFaults = () => Interlocked.Decrement(ref faults) == 0 ? fault : CommitFault.None;

        var failure = await Assert.ThrowsAsync<LoopUnavailableException>(() => loop.SubmitAsync(Register("n2")).WaitAsync(_patience));
        Assert.StartsWith("the command may or may not have been carried out: commit of revision", failure.Message, StringComparison.Ordinal);
        await OnceItTakesCommandsAsync(loop, Register("n3"));

        Assert.Equal(fault == CommitFault.AfterWrite ? 3 : 2, Nodes(loop));
        Assert.True(watch.Batches.Completion.IsCompletedSuccessfully || watch.Batches.TryRead(out _));
    }

    [Fact]
    public async Task Waits_longer_from_one_failure_to_the_next()
    {
        var log = new CapturingLogger();
        await using var loop = await StartAsync(_store, logger: log);
        _store.Inner.CommitFaults = () => CommitFault.BeforeWrite;

        await UntilAsync(() =>
        {
            _ = loop.SubmitAsync(Register("n1")).ContinueWith(task => task.Exception, TaskScheduler.Default);
            return log.Lines.Any(line => line.EndsWith("in 00:00:02", StringComparison.Ordinal));
        });
    }

    [Fact]
    public async Task A_full_queue_refuses_at_once()
    {
        await using var loop = await StartAsync(_store, new ControlOptions { SoleServer = true, QueueLength = 2, CommandsPerBatch = 1 });
        _store.Close();
        var waiting = new List<Task<CommandResult>> { loop.SubmitAsync(Register("n0")) };
        await _store.ArrivedAsync();
        while (waiting.Count < 10 && !waiting[^1].IsFaulted)
        {
            waiting.Add(loop.SubmitAsync(Register($"n{waiting.Count}")));
        }

        var failure = await Assert.ThrowsAsync<LoopUnavailableException>(() => waiting[^1]);
        Assert.Equal("2 commands are waiting already: try again in a moment", failure.Message);
        _store.Open();
        await Task.WhenAll(waiting.SkipLast(1)).WaitAsync(_patience);
    }

    [Fact]
    public async Task Disposing_waits_for_the_store_and_ends_everything()
    {
        var loop = await StartAsync(_store);
        using var watch = loop.View.Resume(loop.View.Revision)!;
        _store.Close();
        var written = loop.SubmitAsync(Register("n1"));
        await _store.ArrivedAsync();
        var disposing = loop.DisposeAsync().AsTask();
        var late = await Assert.ThrowsAsync<LoopUnavailableException>(() => loop.SubmitAsync(Register("n2")));

        Assert.Equal("the control loop has stopped", late.Message);
        Assert.False(disposing.IsCompleted);
        _store.Open();
        await disposing.WaitAsync(_patience);
        Assert.True((await written).Accepted);
        Assert.True(loop.Completion.IsCompletedSuccessfully);
        await foreach (var _ in watch.Batches.ReadAllAsync())
        {
        }
    }

    [Fact]
    public async Task Of_two_loops_on_one_store_the_fenced_one_does_not_write()
    {
        await using var old = await StartAsync(_store, new ControlOptions(), holder: "old");
        await old.SubmitAsync(Register("n1")).WaitAsync(_patience);
        await using var now = await StartAsync(_store, new ControlOptions { SoleServer = true }, holder: "now");

        await Assert.ThrowsAsync<LoopUnavailableException>(() => old.SubmitAsync(Register("n2")).WaitAsync(_patience));
        await now.SubmitAsync(Register("n3")).WaitAsync(_patience);

        Assert.Equal(old.ClusterId, now.ClusterId);
        var stored = new List<string>();
        await foreach (var document in _store.LoadAsync("node"))
        {
            stored.Add(document.Key);
        }

        Assert.Equal(["n1", "n3"], stored);
    }

    [Fact]
    public async Task A_command_that_throws_takes_nobody_with_it_for_long()
    {
        await using var loop = await StartAsync(_store);
        var failure = await Assert.ThrowsAsync<LoopUnavailableException>(() => loop.SubmitAsync(new Unheard()).WaitAsync(_patience));

        Assert.Contains("no handler for Unheard", failure.Message, StringComparison.Ordinal);
        Assert.True((await OnceItTakesCommandsAsync(loop, Register("n1"))).Accepted);
    }

    [Fact]
    public async Task What_sqlite_keeps_is_there_after_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("tutti-control-");
        try
        {
            var path = Path.Combine(folder.FullName, "tutti.db");
            string cluster;
            await using (var store = await SqliteStore.OpenAsync(path))
            await using (var loop = await StartAsync(store))
            {
                cluster = loop.ClusterId;
                var callers = Enumerable.Range(0, 50).Select(i => loop.SubmitAsync(Register($"n{i}")));
                await Task.WhenAll(callers).WaitAsync(_patience);
                await loop.SubmitAsync(Shop.Apply(("web", Shop.Service("1.0.0", 3)))).WaitAsync(_patience);
            }

            await using (var store = await SqliteStore.OpenAsync(path))
            await using (var loop = await StartAsync(store))
            {
                Assert.Equal((cluster, 50), (loop.ClusterId, Nodes(loop)));
                Assert.Equal(3, loop.View.Read((state, _) => state.InstancesOf(new("shop", "web")).Values.Count(instance => instance.Node is not null)));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Task<ControlLoop> StartAsync(IStore store, ControlOptions? options = null, string holder = "test", ILogger? logger = null) =>
        ControlLoop.StartAsync(store, options ?? new ControlOptions { SoleServer = true }, TimeProvider.System, 1, holder, logger).WaitAsync(_patience);

    private static RegisterNode Register(string name) => new(new NodeRegistration
    {
        Name = name,
        Session = "s",
        Address = "127.0.0.1",
        Capacity = new NodeCapacity(new Cpu(1000), ByteSize.FromMebibytes(1024)),
    });

    private static int Nodes(ControlLoop loop) => loop.View.Read((state, _) => state.Nodes.Count);

    private static async Task UntilAsync(Func<bool> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < _patience, "not so in time");
            await Task.Delay(20);
        }
    }

    private sealed record Unheard : Command;

    private sealed class CapturingLogger : ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception));
    }

    /// <summary>While it waits before it starts again, a loop refuses at once and says that nothing was changed.</summary>
    private static async Task<CommandResult> OnceItTakesCommandsAsync(ControlLoop loop, Command command)
    {
        using var deadline = new CancellationTokenSource(_patience);
        while (true)
        {
            try
            {
                return await loop.SubmitAsync(command, deadline.Token);
            }
            catch (LoopUnavailableException refused)
            {
                Assert.StartsWith("nothing was changed", refused.Message, StringComparison.Ordinal);
                await Task.Delay(20, deadline.Token);
            }
        }
    }
}
