using Tutti.Model.Agents;
using Tutti.Model.Quantities;
using Tutti.Node.Agent;
using Tutti.Node.Tests.Instances;

namespace Tutti.Node.Tests.Agent;

public sealed class NodeFactsTests
{
    [Theory]
    [InlineData("build-7", "build-7")]
    [InlineData("Build_Host.example.org", "build-host")]
    [InlineData("_", "node")]
    public void A_host_name_becomes_a_label(string host, string name) => Assert.Equal(name, NodeName.FromHost(host));

    [Fact]
    public void A_long_host_name_is_cut() => Assert.Equal(63, NodeName.FromHost(new string('a', 80)).Length);

    [Fact]
    public void A_name_that_is_no_label_is_refused()
    {
        Assert.Contains("Node_1", Assert.Throws<AgentStartException>(() => NodeName.Choose("Node_1")).Message);
        Assert.Equal("node-1", NodeName.Choose("node-1"));
    }

    [Fact]
    public void The_whole_machine_counts_where_no_group_limits_it() => Assert.Equal(Capacity(4000, 900), Detect("0::/\n", []));

    [Fact]
    public void A_group_of_version_2_limits_also_from_above() => Assert.Equal(
        Capacity(1500, 450),
        Detect("0::/pod/agent\n", [("pod/cpu.max", "150000 100000\n"), ("pod/agent/cpu.max", "max 100000\n"), ("pod/memory.max", $"{500L << 20}\n"), ("pod/agent/memory.max", "max\n")]));

    [Fact]
    public void A_group_of_version_1_limits() => Assert.Equal(
        Capacity(500, 90),
        Detect("4:memory:/a/b\n1:cpu:/a\n", [
            ("memory/a/b/memory.limit_in_bytes", $"{100L << 20}\n"),
            ("memory/memory.limit_in_bytes", "9223372036854771712\n"),
            ("cpu/a/cpu.cfs_quota_us", "50000\n"),
            ("cpu/a/cpu.cfs_period_us", "100000\n"),
            ("cpu/cpu.cfs_quota_us", "-1\n")]));

    [Fact]
    public void A_container_sees_only_its_own_group() => Assert.Equal(
        Capacity(4000, 180), Detect("0::/host/only/path\n", [("memory.max", $"{200L << 20}\n")]));

    [Fact]
    public void This_machine_has_something_to_give()
    {
        var capacity = new CapacityDetection().Detect();
        Assert.InRange(capacity.Cpu.Millis, 1, Environment.ProcessorCount * 1000);
        Assert.True(capacity.Memory > ByteSize.FromMebibytes(16));
    }

    private static NodeCapacity Capacity(long millis, long mebibytes) => new(new Cpu(millis), new ByteSize((mebibytes * 10 / 9 << 20) / 100 * 90));

    private static NodeCapacity Detect(string groups, (string File, string Content)[] files)
    {
        using var folder = new TemporaryFolder();
        Write("proc/meminfo", $"MemFree: 1 kB\nMemTotal:  {1000L << 10} kB\n");
        Write("proc/self/cgroup", groups);
        foreach (var (file, content) in files)
        {
            Write("cgroup/" + file, content);
        }

        return new CapacityDetection(Path.Combine(folder.Path, "proc"), Path.Combine(folder.Path, "cgroup"), 4).Detect();

        void Write(string file, string content)
        {
            var path = Path.Combine(folder.Path, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, content);
        }
    }
}
