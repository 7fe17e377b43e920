using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Tutti.Control.Commands;
using Tutti.Control.Loop;
using Tutti.Control.State;
using Tutti.Model.Agents;
using Tutti.Model.Manifest;
using Tutti.Model.Quantities;
using Tutti.Model.Versions;
using Tutti.Store.Sqlite;

namespace Tutti.Bench;

/// <summary>Instances decided and placed through the real loop, each placement committed to SQLite. Arguments: [instances...].</summary>
internal sealed class PlaceBenchmark : IBenchmark
{
    private const int Nodes = 10_000;
    private const int Services = 1_000;

    public string Name => "place";

    public string Description => "10,000 simulated nodes, up to 1,000,000 instances of 1,000 services through the loop, committed to SQLite";

    public async Task RunAsync(string[] args)
    {
        int[] sizes = args.Length > 0 ? [.. args.Select(arg => int.Parse(arg, NumberStyles.AllowThousands, CultureInfo.InvariantCulture))] : [1_000, 10_000, 100_000, 1_000_000];
        var table = new ResultTable("instances", "seconds", "placements a second", "resident MiB at the end", "store MiB");
        foreach (var size in sizes)
        {
            using var folder = new BenchFolder("place");
            var seconds = await PlaceAsync(folder.File("place.db"), size);
            var resident = Process.GetCurrentProcess().WorkingSet64;
            table.Add(size, seconds, size / seconds, resident / 1048576.0, Directory.EnumerateFiles(folder.Path).Sum(file => new FileInfo(file).Length) / 1048576.0);
            GC.Collect();
        }

        table.Print();
        Console.WriteLine();
        Console.WriteLine($"peak resident: {PeakResidentMebibytes():N0} MiB");
    }

    private static async Task<double> PlaceAsync(string file, int instances)
    {
        await using var store = await SqliteStore.OpenAsync(file);

        // Simulated nodes never report: they must not be given up while this goes on.
        var options = new ControlOptions { SoleServer = true, NodeLease = TimeSpan.FromHours(1) };
        await using var loop = await ControlLoop.StartAsync(store, options, TimeProvider.System, seed: 1, holder: "bench", BenchLog.Create("loop"));
        await Task.WhenAll(Enumerable.Range(0, Nodes).Select(node => loop.SubmitAsync(new RegisterNode(new NodeRegistration
        {
            Name = $"node-{node:D5}",
            Session = "bench",
            Address = "127.0.0.1",
            Capacity = new NodeCapacity(new Cpu(16_000 + (node % 3 * 16_000)), ByteSize.FromMebibytes(65_536 + (node % 5 * 16_384))),
            Labels = ImmutableSortedDictionary<string, string>.Empty.Add("zone", $"zone-{node % 7}").Add("disk", node % 2 == 0 ? "ssd" : "hdd"),
        }))));
        var services = Math.Min(Services, instances);
        var spec = new ArchitectureSpec
        {
            Name = "bench",
            Services = Enumerable.Range(0, services).ToImmutableSortedDictionary(service => $"service-{service:D4}", service => Service(service, instances / services)),
        };
        var (placed, subscription) = loop.View.ReadAndSubscribe((state, _) => 0);
        using var watch = subscription;
        var clock = Stopwatch.StartNew();
        var apply = loop.SubmitAsync(new ApplyManifest(spec, "bench", ""));
        while (placed < instances / services * services)
        {
            var batch = await watch.Batches.ReadAsync();
            placed += batch.Changes.Count(change => change is { After: Instance { Node: not null }, Before: null or Instance { Node: null } });
        }

        var seconds = clock.Elapsed.TotalSeconds;
        await apply;
        Verify(loop, instances / services * services);
        return seconds;
    }

    private static ServiceSpec Service(int number, int count) => new()
    {
        Version = ReleaseVersion.Parse("1.0.0"),
        Run = new RunSpec { Command = ["true"] },
        Instances = new InstancesSpec { Min = count, Max = count },
        Resources = new ResourceSpec { Cpu = new Cpu(50 + (number % 4 * 50)), Memory = ByteSize.FromMebibytes(64 + (number % 8 * 64)) },
        Placement = new PlacementSpec
        {
            Spread = number % 3 == 0 ? "zone" : null,
            Constraints = number % 5 == 0 ? [new ConstraintSpec { Label = "disk", Values = ["ssd"] }] : [],
        },
    };

    /// <summary>A fast planner that overbooks would be no use.</summary>
    private static void Verify(ControlLoop loop, int expected) => loop.View.Read((state, _) =>
    {
        var placed = 0;
        foreach (var node in state.Nodes.All)
        {
            long cpu = 0, memory = 0;
            foreach (var instance in state.InstancesOn(node.Name).Values)
            {
                var resources = state.Set(instance.Architecture, instance.Set)!.Spec.Services[instance.Service].Resources;
                cpu += resources.Cpu.Millis;
                memory += resources.Memory.Bytes;
                placed++;
            }

            if (cpu > node.Capacity.Cpu.Millis || memory > node.Capacity.Memory.Bytes)
            {
                throw new InvalidOperationException($"{node.Name} is over its capacity");
            }
        }

        return placed == expected ? 0 : throw new InvalidOperationException($"{placed} instances are placed, not {expected}");
    });

    private static double PeakResidentMebibytes() =>
        long.Parse(File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024.0;
}
