using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Tutti.Model.Agents;
using Tutti.Model.Discovery;
using Tutti.Model.Manifest;
using Tutti.Model.Versions;
using Tutti.Node.Upstreams;

namespace Tutti.Bench.Upstreams;

/// <summary>The proxy or the server of the benchmark: this program in a process of its own, held on one core.</summary>
internal sealed class BenchPart : IAsyncDisposable
{
    private readonly Process _process;

    private BenchPart(Process process, ImmutableArray<int> ports) => (_process, Ports) = (process, ports);

    /// <summary>The core of the proxy.</summary>
    public static int ProxyCore => Environment.ProcessorCount == 1 ? 0 : 1;

    /// <summary>The core of client and server.</summary>
    public static int OthersCore => 0;

    /// <summary>Where it listens: HTTP, then TCP.</summary>
    public ImmutableArray<int> Ports { get; }

    public int Pid => _process.Id;

    /// <summary>Holds a process, and what it will start, on one core.</summary>
    public static void Pin(int pid, int core)
    {
        using var taskset = Process.Start(new ProcessStartInfo("taskset", ["-a", "-c", "-p", $"{core}", $"{pid}"]) { RedirectStandardOutput = true })!;
        taskset.WaitForExit();
    }

    /// <summary>Starts a part and waits until it listens.</summary>
    public static async Task<BenchPart> StartAsync(int core, params string[] part)
    {
        var process = Process.Start(new ProcessStartInfo("taskset", ["-c", $"{core}", Environment.ProcessPath!, UpstreamBenchmark.PartArgument, .. part])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        })!;
        var line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"the {part[0]} of the benchmark ended at once");
        return new BenchPart(process, [.. line.Split(' ').Select(p => int.Parse(p, CultureInfo.InvariantCulture))]);
    }

    /// <summary>Is one, until standard input ends.</summary>
    public static async Task BeAsync(string[] args)
    {
        if (args[0] == "server")
        {
            var server = new BenchServer();
            Console.WriteLine($"{server.HttpPort} {server.TcpPort}");
            await Console.In.ReadToEndAsync();
            return;
        }

        await using var upstreams = new UpstreamListeners();
        var addresses = upstreams.Open(
            new Consumer("bench/web-1", "bench", "web", ReleaseVersion.Parse("1.0.0")),
            [Upstream("http", PortProtocol.Http), Upstream("tcp", PortProtocol.Tcp)],
            null);
        Lead(upstreams, "http", int.Parse(args[1], CultureInfo.InvariantCulture));
        Lead(upstreams, "tcp", int.Parse(args[2], CultureInfo.InvariantCulture));
        Console.WriteLine($"{addresses["http"].Port} {addresses["tcp"].Port}");
        await Console.In.ReadToEndAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static UpstreamAssignment Upstream(string name, PortProtocol protocol) => new() { Service = name, Port = name, Protocol = protocol };

    private static void Lead(UpstreamListeners upstreams, string service, int port) => upstreams.Apply(new ServiceEndpoints
    {
        Architecture = "bench",
        Service = service,
        Revision = 1,
        Endpoints = [new Endpoint { Instance = service, Version = ReleaseVersion.Parse("1.0.0"), Port = service, Address = "127.0.0.1", Number = port }],
    });
}
