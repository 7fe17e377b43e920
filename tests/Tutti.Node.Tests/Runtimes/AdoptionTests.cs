using System.Diagnostics;
using Tutti.Node.Runtimes;

namespace Tutti.Node.Tests.Runtimes;

public class AdoptionTests
{
    [Fact]
    public async Task A_second_runtime_takes_over()
    {
        await using var launching = new Launching();
        var launch = launching.Launch("/bin/sh", "-c", "echo $$ > ready; sleep 1000");
        var running = await launching.Start(launch);
        await launching.Pid("ready");
        running.Dispose();

        var adopted = new ProcessRuntime(TimeProvider.System).Adopt(launch, running.Identity);
        Assert.NotNull(adopted);
        Assert.Equal(running.Identity, adopted.Identity);
        Assert.False(adopted.Exited.IsCompleted);
        await adopted.StopAsync("SIGTERM", TimeSpan.FromSeconds(10)).Soon();
        Assert.Equal(15, (await adopted.Exited).Signal);
        Assert.Null(launching.Runtime.Adopt(launch, running.Identity));
    }

    [Fact]
    public async Task One_that_another_process_started_is_adopted_and_its_end_is_seen()
    {
        await using var launching = new Launching();

        // The shell starts it in a session of its own and ends, as an agent that was killed does.
        using var other = Process.Start("/bin/sh", ["-c", $"cd {launching.Folder.Path}; setsid sh -c 'echo $$ > started; exec sleep 1000' & wait $!"])!;
        var pid = await launching.Pid("started");
        var identity = new InstanceIdentity(pid, ProcessTable.Read(pid)!.Value.StartTicks, ProcessTable.BootId, null);
        other.Kill();
        await other.WaitForExitAsync().Soon();

        var adopted = launching.Runtime.Adopt(launching.Launch("sleep", "1000"), identity);
        Assert.NotNull(adopted);
        Assert.True(Launching.Lives(pid));
        await adopted.StopAsync("SIGTERM", TimeSpan.FromSeconds(10)).Soon();
        Assert.False(Launching.Lives(pid));
        Assert.True((await adopted.Exited) is { Code: null, Signal: null } or { Code: 143, Signal: 15 });
    }

    [Fact]
    public async Task A_zombie_counts_as_dead()
    {
        await using var launching = new Launching();
        using var parent = Process.Start("/bin/sh", ["-c", $"cd {launching.Folder.Path}; sh -c 'echo $$ > zombie; sleep 0.2' & exec sleep 1000"])!;
        try
        {
            var pid = await launching.Pid("zombie");
            var identity = new InstanceIdentity(pid, ProcessTable.Read(pid)!.Value.StartTicks, ProcessTable.BootId, null);
            await Eventually.True(() => ProcessTable.Read(pid) is { State: 'Z' }, "the child becomes a zombie");
            Assert.Null(launching.Runtime.Adopt(launching.Launch("sh"), identity));
        }
        finally
        {
            parent.Kill();
            await parent.WaitForExitAsync().Soon();
        }
    }

    [Fact]
    public async Task Another_process_with_the_same_pid_is_neither_adopted_nor_harmed()
    {
        await using var launching = new Launching();
        var launch = launching.Launch("sleep", "1000");
        var running = await launching.Start(launch);
        Assert.Null(launching.Runtime.Adopt(launch, running.Identity with { StartTicks = running.Identity.StartTicks - 1, Cgroup = null }));
        Assert.Null(launching.Runtime.Adopt(launch, running.Identity with { BootId = "another boot" }));
        Assert.True(Launching.Lives(running.Identity.Pid));
    }

    [Fact]
    public async Task What_a_dead_leader_left_behind_is_cleared()
    {
        await using var launching = new Launching();
        var launch = launching.Launch("/bin/sh", "-c", "sh -c 'echo $$ > left; sleep 1000; true' & while [ ! -s left ]; do sleep 0.01; done");
        var running = await launching.Start(launch);
        await running.Exited.Soon();
        var left = await launching.Pid("left");
        Assert.True(Launching.Lives(left));
        Assert.Null(new ProcessRuntime(TimeProvider.System).Adopt(launch, running.Identity));
        await Eventually.True(() => !Launching.Lives(left), "the orphan is killed");
    }
}
