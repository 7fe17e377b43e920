using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Tutti.Node.Agent;
using Tutti.Node.Runtimes;
using Tutti.Server.Api;

namespace Tutti.Bench;

/// <summary>How long a program takes by itself until its health check passes: the same command, environment and folder as an instance that runs, on another port.</summary>
internal sealed class OwnStart(string logFile) : IDisposable
{
    private readonly ProcessRuntime _runtime = new(TimeProvider.System);
    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero, UseProxy = false });

    /// <summary>From the moment that the process is there until its check answers 200 for the first time, asked every millisecond.</summary>
    /// <param name="instance">One that runs.</param>
    /// <param name="path">Of the check.</param>
    public async Task<TimeSpan> MeasureAsync(InstanceDocument instance, string path)
    {
        var port = FreePort();
        var launch = LaunchLike(instance, port);
        using var running = await _runtime.StartAsync(launch, CancellationToken.None);
        var clock = Stopwatch.StartNew();
        try
        {
            while (!Answers(port, path))
            {
                if (running.Exited.IsCompleted || clock.Elapsed > TimeSpan.FromMinutes(1))
                {
                    throw new InvalidOperationException($"{string.Join(' ', launch.Command)} does not become healthy by itself; its log is {launch.LogFile}");
                }

                Thread.Sleep(1);
            }

            return clock.Elapsed;
        }
        finally
        {
            await running.StopAsync("SIGKILL", TimeSpan.Zero);
        }
    }

    public void Dispose() => _http.Dispose();

    private Launch LaunchLike(InstanceDocument instance, int port)
    {
        var folder = $"/proc/{instance.Pid}";
        var was = instance.Ports["http"].ToString(CultureInfo.InvariantCulture);
        var environment = File.ReadAllText($"{folder}/environ").Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Select(variable => variable.Split('=', 2))
            .Where(variable => variable[0] != LaunchMarks.Variable)
            .ToImmutableSortedDictionary(variable => variable[0], variable => variable[1] == was ? port.ToString(CultureInfo.InvariantCulture) : variable[1]);
        return new Launch
        {
            Key = $"own-start/{port}#1",
            Command = [.. File.ReadAllText($"{folder}/cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries)],
            Environment = environment,
            WorkingFolder = new FileInfo($"{folder}/cwd").LinkTarget!,
            LogFile = logFile,
        };
    }

    private bool Answers(int port, string path)
    {
        try
        {
            using var response = _http.Send(new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{port}{path}"));
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            // It does not listen yet, which is what is being waited for.
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
