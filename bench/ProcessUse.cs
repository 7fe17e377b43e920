using System.Globalization;

namespace Tutti.Bench;

/// <summary>What the kernel says that a process uses.</summary>
/// <param name="Resident">VmRSS in bytes: every page mapped, shared ones too.</param>
/// <param name="Proportional">Pss in bytes: shared pages divided among those who share them.</param>
/// <param name="Processor">Time of its threads so far, its children's not included.</param>
internal sealed record ProcessUse(long Resident, long Proportional, TimeSpan Processor)
{
    /// <summary>Nanoseconds on a processor are the first field of schedstat of each thread; the ticks of stat would be too coarse.</summary>
    public static ProcessUse Of(int pid)
    {
        var nanoseconds = Directory.EnumerateDirectories($"/proc/{pid}/task").Sum(thread => long.Parse(File.ReadAllText($"{thread}/schedstat").Split(' ')[0], CultureInfo.InvariantCulture));
        return new ProcessUse(
            Kibibytes($"/proc/{pid}/status", "VmRSS:") << 10,
            Kibibytes($"/proc/{pid}/smaps_rollup", "Pss:") << 10,
            TimeSpan.FromMilliseconds(nanoseconds / 1e6));
    }

    private static long Kibibytes(string file, string field) =>
        long.Parse(File.ReadLines(file).First(line => line.StartsWith(field, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
