using System.Collections.Immutable;
using System.Globalization;
using Tutti.Model.Manifest;
using Tutti.Node.Runtimes;

namespace Tutti.Node.Tests.Runtimes;

/// <summary>Starts shell scripts; whatever still runs at the end of a test is killed.</summary>
internal sealed class Launching : IAsyncDisposable
{
    private readonly List<IRunningInstance> _started = [];

    public Launching(CgroupMounts? mounts = null) =>
        Runtime = mounts is null ? new ProcessRuntime(TimeProvider.System) : new ProcessRuntime(TimeProvider.System, mounts);

    public ScratchFolder Folder { get; } = new();

    public ProcessRuntime Runtime { get; }

    public string Log => Folder["log"];

    public string LogText => File.Exists(Log) ? File.ReadAllText(Log) : "";

    public Launch Launch(params string[] command) => new()
    {
        Key = "shop/web-1.1",
        Command = [.. command],
        Environment = ImmutableSortedDictionary<string, string>.Empty.Add("PATH", "/usr/bin:/bin").Add("GREETING", "hello"),
        WorkingFolder = Folder.Path,
        LogFile = Log,
    };

    public Task<IRunningInstance> Script(string script, LimitSpec? limits = null) => Start(Launch("/bin/sh", "-c", script) with { Limits = limits });

    public async Task<IRunningInstance> Start(Launch launch)
    {
        var running = await Runtime.StartAsync(launch, CancellationToken.None);
        _started.Add(running);
        return running;
    }

    /// <summary>Waits until the script has written a pid to a file.</summary>
    public async Task<int> Pid(string file)
    {
        var pid = 0;
        await Eventually.True(
            () => File.Exists(Folder[file]) && int.TryParse(File.ReadAllText(Folder[file]), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out pid),
            $"the script writes {file}");
        return pid;
    }

    public static bool Lives(int pid) => ProcessTable.Read(pid) is { Lives: true };

    public async ValueTask DisposeAsync()
    {
        foreach (var running in _started)
        {
            await running.StopAsync("SIGKILL", TimeSpan.Zero).Soon();
        }

        Folder.Dispose();
    }
}
