using System.Diagnostics;
using System.Globalization;
using Tutti.Store.Sqlite;

namespace Tutti.Store.Tests.Sqlite;

public sealed class CrashTests
{
    [Fact]
    public async Task Nothing_acknowledged_is_lost_when_the_writer_is_killed()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("tutti.db");
        var random = new Random(Environment.ProcessId);
        var acknowledged = 0L;
        for (var kill = 0; kill < 8; kill++)
        {
            acknowledged = await WriteAndKillAsync(path, after: random.Next(1, 150), microseconds: random.Next(0, 3_000));
            await using var store = await SqliteStore.OpenAsync(path);
            var revision = await store.RevisionAsync();
            Assert.True(revision >= acknowledged, $"revision {acknowledged} was acknowledged, the store has {revision}");
            Assert.True(revision <= acknowledged + 1, $"revision {acknowledged} was acknowledged last, the store has {revision}");
            await AssertWholeAsync(store, revision);
        }

        Assert.True(acknowledged > 8);
    }

    private static async Task<long> WriteAndKillAsync(string path, int after, int microseconds)
    {
        var start = new ProcessStartInfo(System.IO.Path.Combine(AppContext.BaseDirectory, "Tutti.Store.Tests")) { RedirectStandardOutput = true };
        start.Environment[CrashingWriter.FileVariable] = path;
        using var child = Process.Start(start)!;
        try
        {
            var acknowledged = 0L;
            for (var i = 0; i < after; i++)
                acknowledged = await NextAsync(child) ?? throw new InvalidOperationException($"the child ended with {child.ExitCode}");

            // A moment that has nothing to do with the child's lines: in the middle of a commit, of a compaction, of anything.
            var clock = Stopwatch.StartNew();
            while (clock.Elapsed.TotalMicroseconds < microseconds)
                Thread.SpinWait(10);
            child.Kill();
            while (await NextAsync(child) is { } line)
                acknowledged = line;
            return acknowledged;
        }
        finally
        {
            child.Kill();
            await child.WaitForExitAsync();
        }
    }

    private static async Task<long?> NextAsync(Process child)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var line = await child.StandardOutput.ReadLineAsync(deadline.Token);
        return long.TryParse(line, CultureInfo.InvariantCulture, out var revision) ? revision : null;
    }

    private static async Task AssertWholeAsync(SqliteStore store, long revision)
    {
        var documents = await store.LoadAsync("batch").ToDictionaryAsync(d => d.Key);
        var expected = 0;
        for (var r = 1L; r <= revision; r++)
        {
            for (var i = 0; i < CrashingWriter.Writes(r); i++, expected++)
            {
                var write = CrashingWriter.Write(r, i);
                Assert.True(documents.TryGetValue(write.Key, out var document), $"batch {r} lacks document {i}");
                Assert.Equal(r, document.Revision);
                Assert.True(document.Value.Span.SequenceEqual(write.Value!.Value.Span));
            }
        }

        Assert.Equal(expected, documents.Count);
        var kept = Math.Max(0, (revision / 40 * 40) - 20);
        var changes = await store.ChangesAsync(kept).GroupBy(c => c.Revision).ToDictionaryAsync(g => g.Key, g => g.Count());
        for (var r = kept + 1; r <= revision; r++)
            Assert.Equal(CrashingWriter.Writes(r), changes[r]);
    }
}
