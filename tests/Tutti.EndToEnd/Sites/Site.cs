using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Tutti.EndToEnd.Sites;

/// <summary>A temporary folder with a manifest, data folders and every process of one test. Whatever still runs in it at the end is killed.</summary>
internal sealed class Site : IAsyncDisposable
{
    private readonly List<Child> _children = [];

    public Site()
    {
        Root = Directory.CreateTempSubdirectory("tutti-e2e-").FullName;
        var artifact = Directory.CreateDirectory(Path.Combine(Root, "artifacts", "shop")).FullName;
        foreach (var file in Directory.EnumerateFiles(Built.Shop))
        {
            File.Copy(file, Path.Combine(artifact, Path.GetFileName(file)));
        }

        Directory.CreateDirectory(Path.Combine(Root, "tmp"));
        Api = new Api(this);
    }

    public string Root { get; }

    /// <summary>The data folder of commands that name no other.</summary>
    public string Data => DataOf("data");

    public Api Api { get; }

    /// <summary>Every tutti started so far, ended ones included.</summary>
    public IReadOnlyList<Child> Children => _children;

    public string DataOf(string name) => Path.Combine(Root, name);

    /// <summary>What <c>server.json</c> says now.</summary>
    /// <exception cref="IOException">No server has started yet.</exception>
    public (string Url, string? Dns, int Pid) Server()
    {
        using var record = JsonDocument.Parse(File.ReadAllText(Path.Combine(Data, "server.json")));
        var root = record.RootElement;
        return (root.GetProperty("url").GetString()!, root.TryGetProperty("dns", out var dns) ? dns.GetString() : null, root.GetProperty("pid").GetInt32());
    }

    /// <summary>Writes a manifest and returns its path.</summary>
    public string Write(ShopManifest manifest, string name = "architecture.yaml")
    {
        var path = Path.Combine(Root, name);
        File.WriteAllText(path, manifest.Text);
        return path;
    }

    /// <summary>Given to everything that is started from now on; further <c>TUTTI_</c> variables are never inherited.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    public Child StartUp(string manifest) =>
        Start("up", "up", manifest, "--data", Data, "--listen", "http://127.0.0.1:0", "--dns", "127.0.0.1:0");

    /// <summary>A server that can be started again at the same address, as one on a machine of its own is.</summary>
    public Child StartServer(int port) =>
        Start("server", "server", "--data", Data, "--listen", $"http://127.0.0.1:{port}", "--dns", "127.0.0.1:0");

    /// <summary>An agent with a data folder named as its node.</summary>
    public Child StartAgent(string node, int serverPort) =>
        Start($"agent {node}", "agent", "--name", node, "--data", DataOf(node), "--join", $"http://127.0.0.1:{serverPort}", "--token", Token());

    /// <summary>Runs a command on the data folder to its end.</summary>
    public async Task<Finished> RunAsync(params string[] words)
    {
        using var process = Process.Start(Program([.. words, "--data", Data], redirect: true))!;
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var late = new CancellationTokenSource(Until.Deadline);
        var command = $"tutti {string.Join(' ', words)}";
        try
        {
            await process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            Assert.Fail($"'{command}' did not end within {Until.Deadline.TotalSeconds} s:\n{await output}{await error}");
        }

        return new Finished(command, process.ExitCode, await output, await error);
    }

    /// <summary>Instances that run now, whichever agent started them.</summary>
    public LiveProcess[] LiveInstances() => [.. LiveProcess.Below(Root).Where(each => each.Instance is not null)];

    /// <summary>Waits until no process of the site is left.</summary>
    public Task NothingRunsAsync() => Until.NoProblemAsync("nothing runs", () =>
    {
        var left = LiveProcess.Below(Root);
        return Task.FromResult(left.Length == 0 ? null : "left: " + string.Join(", ", left.Select(each => $"{each.Pid} {each.Instance ?? "tutti"}")));
    });

    /// <summary>A port that nothing uses, outside those that Linux and agents give out by themselves.</summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(10_000, 20_000);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it; another one is tried.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Agents first, or they would replace what is killed; then again, for what was being started meanwhile.
        foreach (var child in _children)
        {
            await child.Kill9Async();
        }

        await Until.TrueAsync("everything is killed", () =>
        {
            var left = LiveProcess.Below(Root);
            Array.ForEach(left, each => Signals.Kill9(each.Pid));
            return left.Length == 0;
        });
        _children.ForEach(child => child.Dispose());
        Api.Dispose();
        Directory.Delete(Root, recursive: true);
    }

    private string Token() => File.ReadAllText(Path.Combine(Data, "token")).Trim();

    private Child Start(string name, params string[] words)
    {
        var number = _children.Count + 1;
        var child = Child.Start(Program(words, redirect: false), $"{name} ({number})", Path.Combine(Root, $"{number}-{name.Replace(' ', '-')}.log"));
        _children.Add(child);
        return child;
    }

    private ProcessStartInfo Program(string[] words, bool redirect)
    {
        var start = new ProcessStartInfo(Built.Tutti, words)
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = redirect,
            RedirectStandardError = redirect,
            RedirectStandardInput = redirect,
        };
        foreach (var name in start.Environment.Keys.Where(key => key.StartsWith("TUTTI_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }

        start.Environment["NO_COLOR"] = "1";
        start.Environment["TMPDIR"] = Path.Combine(Root, "tmp"); // What a killed process leaves there is removed too.
        return start;
    }
}
