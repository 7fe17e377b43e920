using Tutti.Model.Manifest;
using Tutti.Model.Quantities;
using Tutti.Node.Runtimes;

namespace Tutti.Node.Tests.Runtimes;

public class CgroupTests
{
    [Fact]
    public async Task Sets_the_limits_and_is_entered_before_the_command_runs()
    {
        var mounts = CgroupMounts.Detect();
        if (mounts.Folders.IsEmpty || mounts.Unified)
        {
            Assert.Skip("this machine permits no version 1 cgroups");
        }

        await using var launching = new Launching();
        var running = await launching.Script(
            "cat /proc/self/cgroup; sleep 1000",
            new LimitSpec { Cpu = new Cpu(250), Memory = ByteSize.FromMebibytes(64) });
        var folders = running.Identity.Cgroup!.Split(':');
        Assert.Equal("25000", Text(folders, "cpu.cfs_quota_us"));
        Assert.Equal((64 << 20).ToString(System.Globalization.CultureInfo.InvariantCulture), Text(folders, "memory.limit_in_bytes"));
        await Eventually.True(() => launching.LogText.Contains("cpu"), "the script shows its groups");
        Assert.Contains(Path.GetFileName(folders[0]), launching.LogText);
    }

    [Fact]
    public async Task A_process_over_its_memory_limit_is_killed()
    {
        var mounts = CgroupMounts.Detect();
        if (mounts.Folders.IsEmpty || mounts.Unified)
        {
            Assert.Skip("this machine permits no version 1 cgroups");
        }

        await using var launching = new Launching();
        var running = await launching.Script("exec head -c 200000000 /dev/zero | tail -c 199999999 | wc -c", new LimitSpec { Memory = ByteSize.FromMebibytes(16) });
        await running.Exited.Soon();
        Assert.DoesNotContain("199999999", launching.LogText);
        Assert.True(running.KilledForMemory);
    }

    [Fact]
    public async Task One_that_is_killed_within_its_limit_was_not_killed_for_memory()
    {
        await using var launching = new Launching();
        var running = await launching.Script("kill -9 $$", new LimitSpec { Memory = ByteSize.FromMebibytes(64) });
        await running.Exited.Soon();
        Assert.False(running.KilledForMemory);
    }

    [Theory]
    [InlineData("low 0\nhigh 0\nmax 12\noom 1\noom_kill 1\n", true)]
    [InlineData("low 0\nhigh 0\nmax 0\noom 0\noom_kill 1\n", false)]
    [InlineData("low 0\nhigh 0\nmax 3\noom 0\noom_kill 0\n", false)]
    public void Version_2_tells_a_limit_from_a_machine_without_memory(string events, bool killed)
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder["memory.events"], events);
        Assert.Equal(killed, InstanceCgroup.Open(folder.Path)!.KilledForMemory());
    }

    [Fact]
    public void Finds_the_folder_of_a_mount_that_shows_a_part_of_the_tree()
    {
        using var folder = new ScratchFolder();
        Directory.CreateDirectory(folder["inner"]);
        File.WriteAllText(folder["inner/cgroup.procs"], "");
        var mounts = CgroupMounts.Read("0::/machine/box/inner\n", $"31 23 0:28 /machine/box {folder.Path} rw - cgroup2 cgroup2 rw\n");
        Assert.Equal([folder["inner"]], mounts.Folders);
        Assert.True(mounts.Unified);
        Assert.Empty(CgroupMounts.Read("0::/elsewhere\n", $"31 23 0:28 /machine/box {folder.Path} rw - cgroup2 cgroup2 rw\n").Folders);
        Assert.Empty(CgroupMounts.Read("", "").Folders);
    }

    [Fact]
    public void Reads_a_process_whose_name_tries_to_look_like_its_fields()
    {
        var line = "42 (a) R 1 (b) S 7 8 9 0 -1 0 0 0 0 0 11 12 13 14 20 0 1 0 555 1000 77 0\n"u8;
        Assert.Equal(new ProcessStat(42, 'S', 7, 9, 50, 555, 77), ProcessTable.Parse(42, line));
        Assert.Null(ProcessTable.Parse(42, "42 (a"u8));
    }

    private static string Text(string[] folders, string file) =>
        File.ReadAllText(folders.Select(f => Path.Combine(f, file)).Single(File.Exists)).Trim();
}
