using System.Diagnostics;
using System.Globalization;
using Tutti.Decisions.Recovery;
using Tutti.Model.Lifecycle;
using Tutti.Node.Protocol;
using Tutti.Server.Api;

namespace Tutti.Bench;

/// <summary>Kills instances of the sample under a real <c>tutti up</c>, one after the other. Arguments: [rounds].</summary>
internal sealed class RecoverBenchmark : IBenchmark
{
    private const int InstancesOfEach = 8;
    private const string Architecture = "recover";
    private const string HealthPath = "/healthz";

    /// <summary>One that ran for less is replaced only after a wait; a little more than the loop asks for.</summary>
    private static readonly TimeSpan _stable = RecoveryPlanner.StableAfter + TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan _longest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _betweenRounds = TimeSpan.FromMilliseconds(500);

    public string Name => "recover";

    public string Description => "kill -9 of an instance until its replacement is healthy and in discovery, beside the program's own start";

    public async Task RunAsync(string[] args)
    {
        var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 48;
        using var folder = new BenchFolder("recover");
        await Sample.PublishAsync(folder.Path);
        await File.WriteAllTextAsync(folder.File("recover.yaml"), Manifest);
        await using var tutti = await TuttiProcess.StartAsync(folder.File("data"), "up", folder.File("recover.yaml"), "--listen", "127.0.0.1:0", "--dns", "off");
        using var client = new ServerClient(tutti.Url, "none", TimeProvider.System);
        await using var watch = new DiscoveryWatch(client, Architecture);
        using var ownStart = new OwnStart(folder.File("own-start.log"));
        Latencies lost = new(), started = new(), whole = new(), own = new(), difference = new();
        string[] services = ["catalog", "cart"];
        foreach (var service in services)
        {
            await watch.CountAsync(service, InstancesOfEach, _longest);
            await ownStart.MeasureAsync(await NextAsync(tutti, service), HealthPath);
        }

        for (var round = 0; round < rounds; round++)
        {
            var victim = await NextAsync(tutti, services[round % services.Length]);
            var alone = await ownStart.MeasureAsync(victim, HealthPath);
            await Task.Delay(_betweenRounds);
            var replaced = await ReplaceAsync(tutti, watch, victim);
            lost.Add(replaced.Lost);
            started.Add(replaced.Started);
            whole.Add(replaced.InDiscovery);
            own.Add(alone);
            difference.Add(replaced.InDiscovery - alone);
            await Task.Delay(_betweenRounds);
        }

        var table = new ResultTable($"{rounds} rounds, ms", "median", "p90", "longest");
        Add("kill -9 until it has left discovery", lost);
        Add("kill -9 until the replacement's process is started", started);
        Add("kill -9 until the replacement is in discovery", whole);
        Add("own start until healthy, by itself", own);
        Add("difference of the last two, round by round", difference);
        table.Print();
        Console.WriteLine();
        Console.WriteLine($"difference of the medians: {whole.Quantile(0.5) - own.Quantile(0.5):0.0} ms");

        void Add(string what, Latencies latencies) => table.Add(what, latencies.Quantile(0.5), latencies.Quantile(0.9), latencies.Quantile(1));
    }

    private static async Task<(TimeSpan Lost, TimeSpan Started, TimeSpan InDiscovery)> ReplaceAsync(TuttiProcess tutti, DiscoveryWatch watch, InstanceDocument victim)
    {
        using var process = Process.GetProcessById(victim.Pid!.Value);
        var known = watch.Listed(victim.Service);
        var (killed, killedAt) = (Stopwatch.GetTimestamp(), DateTimeOffset.UtcNow);
        process.Kill();
        var (replacement, came) = await watch.OtherThanAsync(victim.Service, known, _longest);
        var went = await watch.WentAsync(victim.Id, _longest);
        var started = (await tutti.InstancesAsync()).Single(instance => instance.Id == replacement).StartedAt!.Value;
        return (Stopwatch.GetElapsedTime(killed, went), started - killedAt, Stopwatch.GetElapsedTime(killed, came));
    }

    /// <summary>The instance that has been in Run for the longest, as soon as that is long enough.</summary>
    private static async Task<InstanceDocument> NextAsync(TuttiProcess tutti, string service)
    {
        while (true)
        {
            var running = (await tutti.InstancesAsync()).Where(i => i.Service == service && i.Phase == InstancePhase.Run).ToList();
            var oldest = running.MinBy(i => i.Since);
            if (running.Count == InstancesOfEach && DateTimeOffset.UtcNow - oldest!.Since >= _stable)
            {
                return oldest;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }
    }

    /// <summary>Services of the sample, one of them with a dependency.</summary>
    private static string Manifest => $$"""
        apiVersion: tutti/v1
        architecture: {{Architecture}}
        defaults:
          update: { minHealthyTime: 1s, deadline: 5m }
          stop: { drain: 0s, grace: 2s }
        services:
          catalog:
            version: 1.1.0
            run: { command: [dotnet, Shop.dll, catalog, --version, 1.1.0], artifact: artifacts/shop }
            ports: { http: { protocol: http } }
            env: { PORT: "${port.http}", INSTANCE: "${instance.id}" }
            resources: { cpu: 20m, memory: 64Mi }
            instances: {{InstancesOfEach}}
            health: { http: {{HealthPath}}, interval: 500ms, timeout: 500ms, failures: 3 }
          cart:
            version: 2.2.0
            run: { command: [dotnet, Shop.dll, cart, --version, 2.2.0], artifact: artifacts/shop }
            ports: { http: { protocol: http } }
            env: { PORT: "${port.http}", INSTANCE: "${instance.id}", PRICING_URL: "${upstream.pricing.url}" }
            resources: { cpu: 20m, memory: 64Mi }
            instances: {{InstancesOfEach}}
            health: { http: {{HealthPath}}, interval: 500ms, timeout: 500ms, failures: 3 }
            dependsOn: { pricing: { accepts: "^1" } }
          pricing:
            version: 1.1.0
            run: { command: [dotnet, Shop.dll, pricing, --version, 1.1.0], artifact: artifacts/shop }
            ports: { http: { protocol: http } }
            env: { PORT: "${port.http}", INSTANCE: "${instance.id}" }
            resources: { cpu: 20m, memory: 64Mi }
            instances: 1
            health: { http: {{HealthPath}}, interval: 500ms, timeout: 500ms, failures: 3 }
        """;
}
