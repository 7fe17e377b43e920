using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Tutti.Control.Commands;
using Tutti.Decisions.Recovery;
using Tutti.Model.Agents;
using Tutti.Model.Manifest;
using Tutti.Model.Versions;
using Tutti.Node.Protocol;
using Tutti.Server;

namespace Tutti.Bench;

/// <summary>A real server with its store on disk, an agent that only speaks, 200 watches over HTTP and a DNS client, all in this process. Arguments: [rounds].</summary>
internal sealed class PropagateBenchmark : IBenchmark
{
    private const int Watchers = 200;
    private const int Services = 100;
    private const int InstancesOfEach = 3;
    private const int WarmUp = 20;
    private const string Architecture = "propagate";

    private static readonly TimeSpan _longest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _betweenChanges = TimeSpan.FromMilliseconds(20);

    private readonly Latencies _gone = new();
    private readonly Latencies _goneFromLast = new();
    private readonly Latencies _goneFromDns = new();
    private readonly Latencies _there = new();
    private readonly Latencies _thereAtLast = new();
    private readonly Latencies _thereInDns = new();
    private readonly Latencies _pauses = new();
    private readonly Latencies _flushes = new();

    public string Name => "propagate";

    public string Description => "a change of health in the agent until 200 watch clients and DNS show it";

    public async Task RunAsync(string[] args)
    {
        var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : Services * (InstancesOfEach - 1);
        using var folder = new BenchFolder("propagate");
        await using var server = await ServerHost.StartAsync(new ServerOptions { DataFolder = folder.Path, Listen = "http://127.0.0.1:0", Dns = "127.0.0.1:0" });
        await using var node = await HollowNode.JoinAsync(server.Url, server.Token, "bench");
        await server.Loop.SubmitAsync(new ApplyManifest(new ArchitectureSpec { Name = Architecture, Services = Specs }, "bench", ""));
        using var client = new ServerClient(server.Url, server.Token, TimeProvider.System);
        var watches = Enumerable.Range(0, Watchers).Select(_ => new DiscoveryWatch(client, Architecture)).ToList();
        using var dns = new DnsCount(server.Dns!);
        try
        {
            foreach (var service in Specs.Keys)
            {
                await Task.WhenAll(watches.Select(watch => watch.CountAsync(service, InstancesOfEach, _longest)));
            }

            await Task.Delay(RecoveryPlanner.StableAfter);
            using var raw = File.OpenHandle(folder.File("raw-disk"), FileMode.Create, FileAccess.Write);
            for (var round = -WarmUp; round < rounds; round++)
            {
                await RoundAsync(node, watches, dns, $"service-{(round + WarmUp) % Services}", counted: round >= 0);
                if (round >= 0)
                {
                    // Between the rounds, so that it is in nobody's way.
                    _flushes.Add(RawDisk.Append(raw, round * 4_096L));
                    await Task.Delay(_betweenChanges);
                }
            }
        }
        finally
        {
            foreach (var watch in watches)
            {
                await watch.DisposeAsync();
            }
        }

        Print(rounds);
    }

    private static ImmutableSortedDictionary<string, ServiceSpec> Specs { get; } = Enumerable.Range(0, Services).ToImmutableSortedDictionary(
        i => $"service-{i}",
        _ => new ServiceSpec
        {
            Version = ReleaseVersion.Parse("1.0.0"),
            Run = new RunSpec { Command = ["true"] },
            Ports = ImmutableSortedDictionary<string, PortSpec>.Empty.Add("http", new PortSpec()),
            Instances = new InstancesSpec { Min = InstancesOfEach, Max = InstancesOfEach },
        });

    private async Task RoundAsync(HollowNode node, List<DiscoveryWatch> watches, DnsCount dns, string service, bool counted)
    {
        var name = $"_http._tcp.{service}.{Architecture}.tutti";
        var victim = watches[0].Oldest(service);
        var next = node.HoldNextAsync(service);
        await MeasureAsync(
            () => node.FailAsync(victim), watches, watch => watch.WentAsync(victim, _longest), () => dns.Until(name, InstancesOfEach - 1, _longest), counted ? [_gone, _goneFromLast, _goneFromDns] : null);
        if (await Task.WhenAny(next, node.Completion).WaitAsync(_longest) == node.Completion)
        {
            await node.Completion;
        }

        var replacement = await next;
        await Task.Delay(_betweenChanges);
        await MeasureAsync(
            () => node.RunAsync(replacement), watches, watch => watch.CameAsync(replacement.Instance, _longest), () => dns.Until(name, InstancesOfEach, _longest), counted ? [_there, _thereAtLast, _thereInDns] : null);
        await Task.Delay(_betweenChanges);
    }

    private async Task MeasureAsync(Func<Task> report, List<DiscoveryWatch> watches, Func<DiscoveryWatch, Task<long>> seen, Func<long> resolved, Latencies[]? latencies)
    {
        var paused = GC.GetTotalPauseDuration();
        var began = Stopwatch.GetTimestamp();
        var resolving = Task.Factory.StartNew(resolved, TaskCreationOptions.LongRunning);
        await report();
        var times = await Task.WhenAll(watches.Select(seen));
        var resolvedAt = await resolving;
        if (latencies is not [var each, var last, var dns])
        {
            return;
        }

        foreach (var time in times)
        {
            each.Add(Stopwatch.GetElapsedTime(began, time));
        }

        _pauses.Add(GC.GetTotalPauseDuration() - paused);
        last.Add(Stopwatch.GetElapsedTime(began, times.Max()));
        dns.Add(Stopwatch.GetElapsedTime(began, resolvedAt));
    }

    private void Print(int rounds)
    {
        var table = new ResultTable($"{rounds} rounds, {Watchers} watchers, ms", "p50", "p99", "longest");
        Add("an instance fails: each watcher knows", _gone);
        Add("an instance fails: the last watcher knows", _goneFromLast);
        Add("an instance fails: gone from DNS", _goneFromDns);
        Add("an instance is in Run: each watcher knows", _there);
        Add("an instance is in Run: the last watcher knows", _thereAtLast);
        Add("an instance is in Run: in DNS", _thereInDns);
        Add("beside it: the collector's pause in a change", _pauses);
        Add("beside it: write and fdatasync of 4 KiB", _flushes);
        table.Print();

        void Add(string what, Latencies latencies) => table.Add(what, latencies.Quantile(0.5), latencies.Quantile(0.99), latencies.Quantile(1));
    }
}
