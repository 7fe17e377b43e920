using System.Diagnostics;
using System.Net.Http.Json;
using Tutti.Cli.Up;
using Tutti.Model;
using Tutti.Server.Api;

namespace Tutti.Bench;

/// <summary>The real <c>tutti</c> in a process of its own: <c>up</c>, <c>server</c> or <c>agent</c>.</summary>
internal sealed class TuttiProcess : IAsyncDisposable
{
    private static readonly TimeSpan _longestEnd = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly HttpClient _http = new();

    private TuttiProcess(Process process, string url)
    {
        (_process, Url) = (process, url);
        _http.BaseAddress = new Uri(url + "/");
    }

    /// <summary>The server's URL; of an agent, its server's.</summary>
    public string Url { get; }

    /// <summary>Its process id.</summary>
    public int Pid => _process.Id;

    /// <summary>Starts it and returns once it has said that it serves; for <c>up</c> that is when all is up.</summary>
    /// <param name="data">Its data folder.</param>
    /// <param name="command">The command and its arguments, without the folder.</param>
    public static async Task<TuttiProcess> StartAsync(string data, params string[] command)
    {
        var process = Process.Start(new ProcessStartInfo(Executable, [.. command, "--data", data])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var said = new List<string>();
        process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        process.BeginErrorReadLine();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            said.Add(line);
            if ((line.StartsWith("server ", StringComparison.Ordinal) || line.StartsWith("node ", StringComparison.Ordinal))
                && line.Split(' ', ',').FirstOrDefault(word => word.StartsWith("http", StringComparison.Ordinal)) is { } url)
            {
                // What it goes on to say must not fill the pipe.
                _ = process.StandardOutput.ReadToEndAsync();
                return new TuttiProcess(process, url);
            }
        }

        await process.WaitForExitAsync();
        throw new InvalidOperationException($"tutti {string.Join(' ', command)} ended with {process.ExitCode}: {string.Join('\n', said)}");
    }

    /// <summary>Runs a command of the CLI to its end.</summary>
    public static async Task RunAsync(string data, params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(Executable, [.. command, "--data", data]) { RedirectStandardOutput = true })!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"tutti {string.Join(' ', command)} ended with {process.ExitCode}: {said}");
        }
    }

    /// <summary>Every instance there is.</summary>
    public async Task<InstanceDocument[]> InstancesAsync() =>
        (await _http.GetFromJsonAsync<InstanceDocument[]>("api/instances", TuttiJson.Options))!;

    /// <summary>Ends it as Ctrl-C would; with <c>up</c> that takes everything down.</summary>
    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (!_process.HasExited)
        {
            ProcessSignals.Terminate(_process.Id);
        }

        using var late = new CancellationTokenSource(_longestEnd);
        await _process.WaitForExitAsync(late.Token);
        _process.Dispose();
    }

    private static string Executable => Path.Combine(AppContext.BaseDirectory, "tutti");
}
