using System.Diagnostics;
using System.Globalization;
using Tutti.Bench.Upstreams;

namespace Tutti.Bench;

/// <summary>What an upstream costs, beside HAProxy and beside no proxy at all. Arguments: [seconds] [connections].</summary>
/// <remarks>Three processes: the proxy has the last core to itself, client and server share the first. All runs of a table take turns, so that a
/// machine that slows down does so for all of them.</remarks>
internal sealed class UpstreamBenchmark : IBenchmark
{
    /// <summary>The first argument of the program when it is started by this benchmark to be its proxy or its server.</summary>
    public const string PartArgument = "upstream-part";

    private const int Rounds = 3;

    public string Name => "upstream";

    public string Description => "requests and bytes a second of an upstream, and the latency it adds, beside HAProxy and beside no proxy";

    public async Task RunAsync(string[] args)
    {
        var seconds = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 5;
        var connections = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 64;
        if (Environment.ProcessorCount < 2)
        {
            Console.WriteLine("needs two cores: one for the proxy, one for client and server");
            return;
        }

        if (HaProxy.Find() is null)
        {
            Console.WriteLine("HAProxy is not here, so its rows are missing; install it with: apt-get install haproxy");
            Console.WriteLine();
        }

        using var folder = new BenchFolder("upstream");
        await using var server = await BenchPart.StartAsync(BenchPart.OthersCore, "server");
        var (http, tcp) = (server.Ports[0], server.Ports[1]);
        await using var tutti = await BenchPart.StartAsync(BenchPart.ProxyCore, "proxy", $"{http}", $"{tcp}");
        await using var haproxy = await HaProxy.StartAsync(folder, http, tcp);
        List<Way> ways = [new("straight", null, http, tcp), new("Tutti", tutti.Pid, tutti.Ports[0], tutti.Ports[1])];
        if (haproxy is not null)
        {
            ways.Add(new Way("HAProxy", haproxy.Pid, haproxy.HttpPort, haproxy.TcpPort));
        }

        BenchPart.Pin(Environment.ProcessId, BenchPart.OthersCore);
        foreach (var way in ways)
        {
            // Until the runtime has compiled it as well as it will, which takes processor time of its own.
            new HttpLoad(way.Http, connections).Run(TimeSpan.FromSeconds(Math.Max(5, seconds)), null);
        }

        MeasureRequests(ways, connections, seconds);
        MeasureLatency(ways, seconds);
        MeasureBytes(ways, seconds);
    }

    private static void MeasureRequests(List<Way> ways, int connections, double seconds)
    {
        var runs = ways.ToDictionary(w => w, _ => new List<LoadResult>());
        var used = ways.ToDictionary(w => w, _ => TimeSpan.Zero);
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var way in ways)
            {
                var before = way.Processor;
                runs[way].Add(new HttpLoad(way.Http, connections).Run(TimeSpan.FromSeconds(seconds), null));
                used[way] += way.Processor - before;
            }
        }

        var table = new ResultTable($"GET of 100 bytes, {connections} connections", "requests/s", "p50 ms", "p99 ms", "proxy's µs a request", "proxy's core %");
        foreach (var way in ways)
        {
            var requests = runs[way].Sum(r => r.Requests);
            way.Rate = requests / runs[way].Sum(r => r.Seconds);
            table.Add(
                way.Name,
                way.Rate,
                runs[way].Average(r => r.Quantile(0.5)),
                runs[way].Average(r => r.Quantile(0.99)),
                way.Pid is null ? "" : used[way].TotalMicroseconds / requests,
                way.Pid is null ? "" : used[way].TotalSeconds / runs[way].Sum(r => r.Seconds) * 100);
        }

        table.Print();
        Console.WriteLine();
    }

    /// <summary>At half of the rate that the slowest proxy carried, the same for all.</summary>
    private static void MeasureLatency(List<Way> ways, double seconds)
    {
        const int Connections = 32;
        var rate = ways.Where(w => w.Pid is not null).Min(w => w.Rate) / 2;
        var runs = ways.ToDictionary(w => w, _ => new List<LoadResult>());
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var way in ways)
            {
                runs[way].Add(new HttpLoad(way.Http, Connections).Run(TimeSpan.FromSeconds(seconds), rate));
            }
        }

        var table = new ResultTable($"half load: {rate:N0} requests/s", "p50 ms", "p99 ms", "p99.9 ms", "added p50", "added p99");
        var straight = LoadResult.Sum(runs[ways[0]]);
        foreach (var way in ways)
        {
            var all = LoadResult.Sum(runs[way]);
            table.Add(
                way.Name,
                all.Quantile(0.5),
                all.Quantile(0.99),
                all.Quantile(0.999),
                way.Pid is null ? "" : all.Quantile(0.5) - straight.Quantile(0.5),
                way.Pid is null ? "" : all.Quantile(0.99) - straight.Quantile(0.99));
        }

        table.Print();
        Console.WriteLine();
    }

    private static void MeasureBytes(List<Way> ways, double seconds)
    {
        var table = new ResultTable("TCP, one way, 4 connections", "MiB/s", "proxy's core %");
        var rows = ways.ToDictionary(w => w, _ => (Bytes: 0.0, Used: TimeSpan.Zero, Seconds: 0.0));
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var way in ways)
            {
                var (before, clock) = (way.Processor, Stopwatch.StartNew());
                var bytes = TcpLoad.Run(way.Tcp, connections: 4, TimeSpan.FromSeconds(seconds));
                var row = rows[way];
                rows[way] = (row.Bytes + bytes, row.Used + (way.Processor - before), row.Seconds + clock.Elapsed.TotalSeconds);
            }
        }

        foreach (var way in ways)
        {
            var row = rows[way];
            table.Add(way.Name, row.Bytes / row.Seconds / (1 << 20), way.Pid is null ? "" : row.Used.TotalSeconds / row.Seconds * 100);
        }

        table.Print();
    }

    /// <summary>One way to the server.</summary>
    private sealed class Way(string name, int? pid, int http, int tcp)
    {
        public string Name => name;

        public int? Pid => pid;

        public int Http => http;

        public int Tcp => tcp;

        /// <summary>Requests a second at full load.</summary>
        public double Rate { get; set; }

        public TimeSpan Processor => pid is { } process ? ProcessUse.Of(process).Processor : TimeSpan.Zero;
    }
}
