using System.Globalization;
using Tutti.Model.Agents;
using Tutti.Model.Quantities;

namespace Tutti.Node.Agent;

/// <summary>What this node has to give: all cores and 90% of the memory of the machine, or of the tightest cgroup around the agent.</summary>
/// <remarks>Source: cpu.max and memory.max of the kernel's cgroup-v2 documentation; cpu.cfs_quota_us, cpu.cfs_period_us and
/// memory.limit_in_bytes of cgroup-v1.</remarks>
internal sealed class CapacityDetection(string proc = "/proc", string cgroups = "/sys/fs/cgroup", int? processors = null)
{
    private const int MemoryPercent = 90;

    /// <summary>Looks now.</summary>
    public NodeCapacity Detect()
    {
        var millis = (processors ?? Environment.ProcessorCount) * 1000L;
        var memory = MachineMemory();
        foreach (var folder in GroupsAround())
        {
            millis = Math.Min(millis, CpuLimit(folder) ?? long.MaxValue);
            memory = Math.Min(memory, MemoryLimit(folder) ?? long.MaxValue);
        }

        return new NodeCapacity(new Cpu(Math.Max(1, millis)), new ByteSize(memory / 100 * MemoryPercent));
    }

    private long MachineMemory()
    {
        foreach (var line in File.ReadLines(Path.Combine(proc, "meminfo")))
        {
            if (line.StartsWith("MemTotal:", StringComparison.Ordinal)
                && long.TryParse(line["MemTotal:".Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture, out var kibibytes))
            {
                return kibibytes << 10;
            }
        }

        return GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
    }

    /// <summary>The folder of every cgroup that the agent is in, each with its ancestors. A path that is not visible here (seen from inside
    /// a container) is passed over: its visible ancestors carry the container's limits.</summary>
    private IEnumerable<string> GroupsAround()
    {
        var file = Path.Combine(proc, "self/cgroup");
        if (!File.Exists(file))
        {
            yield break;
        }

        foreach (var line in File.ReadLines(file))
        {
            if (line.Split(':', 3) is not [_, var controllers, var path])
            {
                continue;
            }

            var root = Path.Combine(cgroups, controllers);
            var inside = path.Trim('/');
            while (true)
            {
                var folder = Path.Combine(root, inside);
                if (Directory.Exists(folder))
                {
                    yield return folder;
                }

                if (inside.Length == 0)
                {
                    break;
                }

                inside = Path.GetDirectoryName(inside) ?? "";
            }
        }
    }

    private static long? CpuLimit(string folder)
    {
        if (ReadWords(Path.Combine(folder, "cpu.max")) is [var most, var every]
            && long.TryParse(most, CultureInfo.InvariantCulture, out var quota) && long.TryParse(every, CultureInfo.InvariantCulture, out var period) && period > 0)
        {
            return quota * 1000 / period;
        }

        return ReadNumber(Path.Combine(folder, "cpu.cfs_quota_us")) is > 0 and var old
            && ReadNumber(Path.Combine(folder, "cpu.cfs_period_us")) is > 0 and var oldPeriod
            ? old * 1000 / oldPeriod
            : null;
    }

    private static long? MemoryLimit(string folder) =>
        ReadNumber(Path.Combine(folder, "memory.max")) ?? ReadNumber(Path.Combine(folder, "memory.limit_in_bytes"));

    private static long? ReadNumber(string file) =>
        ReadWords(file) is [var word, ..] && long.TryParse(word, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string[] ReadWords(string file)
    {
        try
        {
            return File.Exists(file) ? File.ReadAllText(file).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A limit that may not be read is not known; the others still hold.
            return [];
        }
    }
}
