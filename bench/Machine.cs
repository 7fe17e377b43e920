using System.Globalization;
using System.Runtime.InteropServices;

namespace Tutti.Bench;

/// <summary>Says on what the figures were measured.</summary>
internal static class Machine
{
    /// <summary>One line: processor, cores, memory, kernel, .NET, date.</summary>
    public static string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Processor()}, {Environment.ProcessorCount} cores, {MemoryBytes() / (double)(1L << 30):0.#} GiB, Linux {File.ReadAllText("/proc/sys/kernel/osrelease").Trim()}, {RuntimeInformation.FrameworkDescription}, {DateTime.UtcNow:yyyy-MM-dd}");

    private static string Processor() => Field("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString();

    private static long MemoryBytes() =>
        Field("/proc/meminfo", "MemTotal") is { } text && long.TryParse(text.Split(' ')[0], CultureInfo.InvariantCulture, out var kilobytes) ? kilobytes << 10 : 0;

    private static string? Field(string file, string name) =>
        File.ReadLines(file).FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim();
}
