using System.Diagnostics;
using Tutti.Cli.Client;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Serving;
using Tutti.Cli.Tests.Fakes;

namespace Tutti.Cli.Tests.Up;

public sealed class DownTests
{
    [Fact]
    public async Task Nothing_to_end_is_said()
    {
        using var run = new CliRun();
        Assert.Equal(ExitCode.Done, await run.RunAsync("down"));
        Assert.Equal($"nothing runs on {run.Data}\n", run.Out);
        Assert.False(Directory.Exists(run.Data));
    }

    [Fact]
    public async Task What_a_killed_up_left_is_stopped()
    {
        await using var server = await FakeServer.StartAsync();
        var serving = new FakeServing(server) { Leftovers = 2 };
        using var run = new CliRun();
        run.Rooms = run.Rooms with { Serving = serving };
        Directory.CreateDirectory(Path.Combine(run.Data, "agent"));
        new ServerRecord { Pid = 4711, Url = server.Url, Started = CliRun.Now, Mode = "up" }.Write(run.Data);
        Assert.Equal(ExitCode.Done, await run.RunAsync("down"));
        Assert.Equal("tutti up, pid 4711, which was killed, had left 2 instances running; stopped\n", run.Out);
        Assert.Equal(["stop all in agent"], serving.Story);
        Assert.Null(ServerRecord.Read(run.Data));
    }

    [Fact]
    public async Task Leftovers_of_an_agent_that_still_runs_are_not_touched()
    {
        await using var server = await FakeServer.StartAsync();
        var serving = new FakeServing(server);
        using var run = new CliRun();
        run.Rooms = run.Rooms with { Serving = serving };
        using var agent = FolderLock.Acquire(Path.Combine(run.Data, "agent"), "agent");
        Assert.Equal(ExitCode.Failed, await run.RunAsync("down"));
        Assert.Contains($"tutti agent, pid {Environment.ProcessId}, still runs", run.Error, StringComparison.Ordinal);
        Assert.Empty(serving.Story);
    }

    [Fact]
    public async Task The_holder_gets_sigterm_and_is_waited_for()
    {
        using var run = new CliRun();
        FolderLock.Acquire(run.Data, "up").Dispose();
        var path = Path.Combine(run.Data, "lock");
        using var holder = Process.Start("flock", ["--no-fork", path, "sh", "-c", $"trap 'sleep 0.3; echo ended > {run.Data}/ended; exit 0' TERM; echo $$ up > {path}.holder; while :; do sleep 0.05; done"]);
        try
        {
            await CliRun.UntilAsync(() => FolderLock.HolderOf(run.Data)?.Pid == holder.Id, "the holder has the lock");
            Assert.Equal(ExitCode.Done, await run.RunAsync("down"));
            Assert.True(File.Exists(Path.Combine(run.Data, "ended")));
            Assert.Equal($"ending tutti up, pid {holder.Id}\ntutti up has ended\n", run.Out);
        }
        finally
        {
            holder.Kill(entireProcessTree: true);
            await holder.WaitForExitAsync();
        }
    }
}
