using System.Diagnostics;
using System.Globalization;
using Tutti.Store;
using Tutti.Store.Sqlite;

namespace Tutti.Bench;

/// <summary>The SQLite store by itself, without the control loop. Arguments: [documents] [folder].</summary>
internal sealed class StoreBenchmark : IBenchmark
{
    private const int ValueBytes = 350;
    private static readonly TimeSpan CommitDuration = TimeSpan.FromSeconds(5);

    public string Name => "store";

    public string Description => "SQLite store alone: commits a second beside raw fdatasync, documents a second in batches of 4,096, load, compaction";

    public async Task RunAsync(string[] args)
    {
        var documents = args.Length > 0 ? int.Parse(args[0], NumberStyles.AllowThousands, CultureInfo.InvariantCulture) : 1_000_000;

        // Not the system's temporary folder: that is memory on many machines, and memory needs no fdatasync.
        var folder = Directory.CreateDirectory(Path.Combine(args.Length > 1 ? args[1] : Environment.CurrentDirectory, $"bench-store-{Environment.ProcessId}")).FullName;
        try
        {
            await CommitsAsync(folder);
            Console.WriteLine();
            await BulkAsync(folder, documents);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task CommitsAsync(string folder)
    {
        var table = new ResultTable("what", "a second", "against raw fdatasync", "p50 ms", "p99 ms", "longest ms");
        var raw = RawDisk.AppendsPerSecond(folder, CommitDuration);
        table.Add("raw: append 4 KiB, fdatasync", raw, 1.0, "", "", "");
        foreach (var (commands, label) in new[] { (1, "commits of 1 document"), (16, "commands in commits of 16"), (256, "commands in commits of 256") })
        {
            var writesPerCommand = commands == 1 ? 1 : 2;
            var (commits, latencies) = await CommitForAsync(folder, commands * writesPerCommand);
            table.Add($"{label}{(writesPerCommand == 1 ? "" : ", 2 documents each")}", commits * commands, commits / raw, latencies.Quantile(0.5), latencies.Quantile(0.99), latencies.Quantile(1));
        }

        // Once more: what a disk gives changes from minute to minute.
        table.Add("raw: append 4 KiB, fdatasync, again", RawDisk.AppendsPerSecond(folder, CommitDuration), 1.0, "", "", "");
        table.Print();
    }

    private static async Task<(double CommitsPerSecond, Latencies Latencies)> CommitForAsync(string folder, int writes)
    {
        await using var store = await SqliteStore.OpenAsync(Path.Combine(folder, $"commits-{writes}.db"));
        var random = new Random(1);
        var value = Value(random);
        var latencies = new Latencies();
        var clock = Stopwatch.StartNew();
        var commits = 0;
        for (; clock.Elapsed < CommitDuration; commits++)
        {
            // As a command does it: a service of a few thousand changes, and an event is added.
            var batch = new DocumentWrite[writes];
            for (var i = 0; i < writes; i++)
                batch[i] = i % 2 == 0 ? new("service", $"shop/service-{random.Next(5_000)}", value) : new("event", $"{(commits * (long)writes) + i:D19}", value);
            var before = clock.Elapsed;
            await store.CommitAsync(batch, epoch: 0);
            latencies.Add(clock.Elapsed - before);
        }

        return (commits / clock.Elapsed.TotalSeconds, latencies);
    }

    private static async Task BulkAsync(string folder, int documents)
    {
        var table = new ResultTable("documents", "keys", "written a second", "longest commit ms", "loaded a second", "compaction s", "commit p99 ms meanwhile", "file MiB", "log MiB", "process MiB");
        for (var count = Math.Min(10_000, documents); ; count = Math.Min(count * 10, documents))
        {
            await BulkAsync(folder, count, shuffled: false, table);
            if (count == documents)
                break;
        }

        await BulkAsync(folder, documents, shuffled: true, table);
        table.Print();
    }

    private static async Task BulkAsync(string folder, int documents, bool shuffled, ResultTable table)
    {
        const int BatchWrites = 4_096;
        var path = Path.Combine(folder, $"bulk-{documents}-{shuffled}.db");
        await using var store = await SqliteStore.OpenAsync(path);
        var random = new Random(1);
        var value = Value(random);
        var order = Enumerable.Range(0, documents).ToArray();
        if (shuffled)
            random.Shuffle(order);

        var latencies = new Latencies();
        var longestLog = 0L;
        var clock = Stopwatch.StartNew();
        foreach (var part in order.Chunk(BatchWrites))
        {
            var before = clock.Elapsed;
            await store.CommitAsync(Array.ConvertAll(part, n => new DocumentWrite("instance", $"load/service-{n / 1_000:D4}-{n % 1_000:D4}", value)), epoch: 0);
            latencies.Add(clock.Elapsed - before);
            longestLog = Math.Max(longestLog, new FileInfo(path + "-wal").Length);
        }

        var written = documents / clock.Elapsed.TotalSeconds;
        clock.Restart();
        if (await store.LoadAsync().CountAsync() != documents)
            throw new InvalidOperationException("the store lost documents");
        var loaded = documents / clock.Elapsed.TotalSeconds;
        var fileBytes = new FileInfo(path).Length;
        var (compaction, meanwhile) = await CompactAsync(store, value);
        table.Add(documents, shuffled ? "shuffled" : "in order", written, latencies.Quantile(1), loaded, compaction.TotalSeconds, meanwhile.Quantile(0.99), fileBytes >> 20, longestLog >> 20, Environment.WorkingSet >> 20);
    }

    private static async Task<(TimeSpan Compaction, Latencies Meanwhile)> CompactAsync(SqliteStore store, byte[] value)
    {
        var latencies = new Latencies();
        var clock = Stopwatch.StartNew();
        var compaction = store.CompactAsync(await store.RevisionAsync()).AsTask();
        while (!compaction.IsCompleted)
        {
            var before = clock.Elapsed;
            await store.CommitAsync(new DocumentWrite[] { new("service", "shop/web", value) }, epoch: 0);
            latencies.Add(clock.Elapsed - before);
        }

        await compaction;
        return (clock.Elapsed, latencies);
    }

    private static byte[] Value(Random random)
    {
        var value = new byte[ValueBytes];
        random.NextBytes(value);
        return value;
    }
}
