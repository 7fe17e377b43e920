using System.Collections.Immutable;
using System.Diagnostics;
using Tutti.Control.Commands;
using Tutti.Control.Loop;
using Tutti.Model.Manifest;
using Tutti.Model.Versions;
using Tutti.Store.Sqlite;

namespace Tutti.Bench;

/// <summary>Commands through the real loop, each acknowledged after it is durable in SQLite: two documents a command, the service and a line of its journal.</summary>
internal sealed class CommitBenchmark : IBenchmark
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(8);

    public string Name => "commit";

    public string Description => "acknowledged commands a second through the loop with 1, 16 and 256 callers, beside raw fdatasync";

    public async Task RunAsync(string[] args)
    {
        using var folder = new BenchFolder("commit");
        var raw = RawDisk.AppendsPerSecond(folder.Path, TimeSpan.FromSeconds(4));
        var table = new ResultTable("callers", "commands a second", "against raw fdatasync", "p50 ms", "p99 ms");
        table.Add("raw fdatasync of 4 KiB", raw, 1.0, "", "");
        foreach (var callers in new[] { 1, 16, 256 })
        {
            var (rate, latencies) = await MeasureAsync(folder.File($"commit-{callers}.db"), callers);
            table.Add(callers, rate, rate / raw, latencies.Quantile(0.5), latencies.Quantile(0.99));
        }

        table.Add("raw fdatasync, again", RawDisk.AppendsPerSecond(folder.Path, TimeSpan.FromSeconds(4)), "", "", "");
        table.Print();
    }

    private static async Task<(double Rate, Latencies Latencies)> MeasureAsync(string file, int callers)
    {
        await using var store = await SqliteStore.OpenAsync(file);
        await using var loop = await ControlLoop.StartAsync(store, new ControlOptions { SoleServer = true }, TimeProvider.System, seed: 1, holder: "bench", BenchLog.Create("loop"));
        var services = Enumerable.Range(0, callers).ToImmutableSortedDictionary(i => $"service-{i}", _ => new ServiceSpec
        {
            Version = ReleaseVersion.Parse("1.0.0"),
            Run = new RunSpec { Command = ["true"] },
            Instances = new InstancesSpec { Min = 0, Max = 0 },
        });
        await loop.SubmitAsync(new ApplyManifest(new ArchitectureSpec { Name = "bench", Services = services }, "bench", ""));
        var paused = new bool[callers];
        await CallAsync(loop, paused, TimeSpan.FromSeconds(2), new Latencies());
        var latencies = new Latencies();
        var clock = Stopwatch.StartNew();
        var count = await CallAsync(loop, paused, Duration, latencies);
        return (count / clock.Elapsed.TotalSeconds, latencies);
    }

    private static async Task<long> CallAsync(ControlLoop loop, bool[] paused, TimeSpan duration, Latencies latencies)
    {
        var clock = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, paused.Length).Select(caller => Task.Run(async () =>
        {
            var mine = new List<TimeSpan>();
            while (clock.Elapsed < duration)
            {
                paused[caller] = !paused[caller];
                var began = clock.Elapsed;
                var result = await loop.SubmitAsync(new PauseService("bench", $"service-{caller}", paused[caller], "bench"));
                if (!result.Accepted || !result.Changed)
                {
                    throw new InvalidOperationException($"the command did nothing: {result.Refusal?.Detail}");
                }

                mine.Add(clock.Elapsed - began);
            }

            lock (latencies)
            {
                mine.ForEach(latencies.Add);
            }

            return (long)mine.Count;
        })));
        return counts.Sum();
    }
}
