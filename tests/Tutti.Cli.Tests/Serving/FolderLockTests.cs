using System.Diagnostics;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Serving;
using Tutti.Cli.Tests.Fakes;

namespace Tutti.Cli.Tests.Serving;

public sealed class FolderLockTests
{
    [Theory]
    [InlineData("up")]
    [InlineData("server")]
    public async Task A_second_process_on_the_folder_is_refused_and_names_the_first(string command)
    {
        using var folder = new TempFolder();
        var manifest = folder.Write("m.yaml", "apiVersion: tutti/v1\narchitecture: shop\nservices: { web: { version: 1.0.0, run: { command: [sleep, \"60\"] } } }\n");
        using var held = FolderLock.Acquire(folder.In("data"), "up");
        string[] args = command == "up" ? ["up", manifest] : ["server"];
        var (code, error) = await RealTutti.RunAsync([.. args, "--data", folder.In("data")]);
        Assert.Equal(ExitCode.Failed, code);
        Assert.Equal(
            $"error: the data folder {folder.In("data")} is in use by tutti up, pid {Environment.ProcessId}; "
            + $"stop it with 'tutti down --data {folder.In("data")}' or choose another with --data\n",
            error);
    }

    [Fact]
    public async Task The_lock_of_a_killed_process_is_free()
    {
        using var folder = new TempFolder();
        FolderLock.Acquire(folder.Path, "up").Dispose();
        using var other = Process.Start("flock", ["--no-fork", folder.In("lock"), "sh", "-c", $"echo $$ up > {folder.In("lock.holder")}; exec sleep 600"]);
        try
        {
            await CliRun.UntilAsync(() => FolderLock.HolderOf(folder.Path)?.Pid == other.Id, "the other process holds the lock");
            var refused = Assert.Throws<CliException>(() => FolderLock.Acquire(folder.Path, "up"));
            Assert.Contains($"is in use by tutti up, pid {other.Id};", refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            other.Kill();
            await other.WaitForExitAsync();
        }

        Assert.Null(FolderLock.HolderOf(folder.Path));
        FolderLock.Acquire(folder.Path, "up").Dispose();
    }

    [Fact]
    public void A_folder_nobody_holds_has_no_holder()
    {
        using var folder = new TempFolder();
        Assert.Null(FolderLock.HolderOf(folder.In("none")));
        using (FolderLock.Acquire(folder.Path, "server"))
        {
            Assert.Equal(new FolderLock.Holder(Environment.ProcessId, "server"), FolderLock.HolderOf(folder.Path));
        }

        Assert.Null(FolderLock.HolderOf(folder.Path));
    }

    [Fact]
    public async Task Somebody_who_only_looks_does_not_disturb()
    {
        using var folder = new TempFolder();
        using var stop = new CancellationTokenSource();
        FolderLock.Acquire(folder.Path, "up").Dispose();
        var looking = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                FolderLock.HolderOf(folder.Path);
            }
        });
        for (var i = 0; i < 200; i++)
        {
            FolderLock.Acquire(folder.Path, "up").Dispose();
        }

        await stop.CancelAsync();
        await looking;
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_named()
    {
        using var folder = new TempFolder();
        var file = folder.Write("file", "");
        using var run = new CliRun();
        Assert.Equal(ExitCode.Failed, await run.RunAsync("server", "--data", Path.Combine(file, "data")));
        Assert.StartsWith($"error: cannot write to the data folder {file}/data: ", run.Error, StringComparison.Ordinal);
        Assert.EndsWith("; choose another with --data\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_is_named()
    {
        using var folder = new TempFolder();
        File.CreateSymbolicLink(folder.In("lock.holder"), "/dev/full");
        using var run = new CliRun();
        Assert.Equal(ExitCode.Failed, await run.RunAsync("server", "--data", folder.Path));
        Assert.Contains("No space left on device", run.Error, StringComparison.Ordinal);
    }
}
