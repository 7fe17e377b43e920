using System.Diagnostics;
using Tutti.Node.Runtimes;

namespace Tutti.Node.Tests.Runtimes;

public class StopTests
{
    [Fact]
    public async Task Asks_first()
    {
        await using var launching = new Launching();
        var running = await launching.Script("trap 'echo bye; exit 3' TERM; echo $$ > ready; while :; do sleep 0.05; done");
        await launching.Pid("ready");
        await running.StopAsync("SIGTERM", TimeSpan.FromSeconds(20)).Soon();
        Assert.Equal(new ExitStatus(3, null), await running.Exited);
        Assert.EndsWith("bye\n", launching.LogText);
    }

    [Fact]
    public async Task Kills_after_the_grace()
    {
        await using var launching = new Launching();
        var running = await launching.Script("trap '' TERM; echo $$ > ready; while :; do sleep 0.05; done");
        await launching.Pid("ready");
        var clock = Stopwatch.StartNew();
        await running.StopAsync("SIGTERM", TimeSpan.FromMilliseconds(200)).Soon();
        Assert.InRange(clock.ElapsedMilliseconds, 190, 10_000);
        Assert.Equal(9, (await running.Exited).Signal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Leaves_no_grandchild_even_one_that_ignores_the_signal(bool groups)
    {
        await using var launching = new Launching(groups ? null : CgroupMounts.None);
        var running = await launching.Script("(trap '' TERM; sh -c 'echo $$ > grandchild; while :; do sleep 0.05; done') & wait");
        var grandchild = await launching.Pid("grandchild");
        await running.StopAsync("SIGTERM", TimeSpan.FromMilliseconds(100)).Soon();
        Assert.False(Launching.Lives(grandchild));
        Assert.False(Launching.Lives(running.Identity.Pid));
    }

    [Fact]
    public async Task Gives_what_the_leader_left_behind_the_rest_of_the_grace()
    {
        await using var launching = new Launching();
        var running = await launching.Script(
            "sh -c 'trap \"sleep 0.3; echo drained; exit\" TERM; echo $$ > child; while :; do sleep 0.02; done' & wait");
        await launching.Pid("child");
        await running.StopAsync("SIGTERM", TimeSpan.FromSeconds(15)).Soon();
        Assert.Contains("drained", launching.LogText);
    }

    [Fact]
    public async Task Kills_a_grandchild_that_left_the_session_where_there_is_a_cgroup()
    {
        var mounts = CgroupMounts.Detect();
        if (mounts.Folders.IsEmpty)
        {
            Assert.Skip("this machine permits no cgroups");
        }

        await KillsEscaped(mounts);
    }

    [Fact]
    public async Task Kills_a_grandchild_that_left_the_session_by_version_2_cgroups()
    {
        if (UnifiedOnly() is not { } mounts)
        {
            Assert.Skip("this machine permits no version 2 cgroups");
            return;
        }

        Assert.True(mounts.Unified);
        await KillsEscaped(mounts);
    }

    [Fact]
    public async Task Can_be_called_again_and_leaves_no_cgroup()
    {
        await using var launching = new Launching();
        var running = await launching.Script("sleep 1000");
        await Task.WhenAll(running.StopAsync("SIGTERM", TimeSpan.FromSeconds(5)), running.StopAsync("SIGTERM", TimeSpan.FromSeconds(5))).Soon();
        await running.StopAsync("SIGTERM", TimeSpan.FromSeconds(5)).Soon();
        Assert.Null(InstanceCgroup.Open(running.Identity.Cgroup));
    }

    [Fact]
    public async Task Clears_what_a_dead_leader_left_behind()
    {
        await using var launching = new Launching(CgroupMounts.None);
        var running = await launching.Script("(trap '' TERM; sh -c 'echo $$ > orphan; while :; do sleep 0.05; done') & while [ ! -s orphan ]; do sleep 0.01; done; exit 5");
        Assert.Equal(5, (await running.Exited.Soon()).Code);
        var orphan = await launching.Pid("orphan");
        Assert.True(Launching.Lives(orphan));
        await running.StopAsync("SIGTERM", TimeSpan.FromMilliseconds(50)).Soon();
        Assert.False(Launching.Lives(orphan));
    }

    private static CgroupMounts? UnifiedOnly()
    {
        var own = File.ReadAllLines("/proc/self/cgroup").Where(l => l.StartsWith("0::", StringComparison.Ordinal));
        var mounts = CgroupMounts.Read(string.Join('\n', own), File.ReadAllText("/proc/self/mountinfo"));
        return mounts.Folders.IsEmpty ? null : mounts;
    }

    private static async Task KillsEscaped(CgroupMounts mounts)
    {
        await using var launching = new Launching(mounts);
        var running = await launching.Script("setsid sh -c 'trap \"\" TERM; echo $$ > escaped; while :; do sleep 0.05; done' & while [ ! -s escaped ]; do sleep 0.01; done; exit 0");
        await running.Exited.Soon();
        var escaped = await launching.Pid("escaped");
        Assert.True(Launching.Lives(escaped));
        Assert.NotEqual(running.Identity.Pid, ProcessTable.Read(escaped)!.Value.Session);
        await running.StopAsync("SIGTERM", TimeSpan.FromMilliseconds(50)).Soon();
        Assert.False(Launching.Lives(escaped));
        Assert.Null(InstanceCgroup.Open(running.Identity.Cgroup));
    }
}
