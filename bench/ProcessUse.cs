using System.Globalization;
using Tutti.Node.Runtimes;

namespace Tutti.Bench;

/// <summary>What the kernel says that a process uses.</summary>
/// <param name="Resident">VmRSS in bytes: every page mapped, shared ones too.</param>
/// <param name="Proportional">Pss in bytes: shared pages divided among those who share them.</param>
/// <param name="Processor">Time of its threads so far, its children's not included.</param>
internal sealed record ProcessUse(long Resident, long Proportional, TimeSpan Processor)
{
    /// <summary>The sum of utime and stime of /proc/pid/stat, which keeps what threads used that have ended since; in ticks of 10 ms.</summary>
    public static ProcessUse Of(int pid)
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return new ProcessUse(
            Kibibytes($"/proc/{pid}/status", "VmRSS:") << 10,
            Kibibytes($"/proc/{pid}/smaps_rollup", "Pss:") << 10,
            TimeSpan.FromSeconds(ticks / (double)ProcessTable.TicksPerSecond));
    }

    private static long Kibibytes(string file, string field) =>
        long.Parse(File.ReadLines(file).First(line => line.StartsWith(field, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
