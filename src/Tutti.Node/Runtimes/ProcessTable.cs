using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;

namespace Tutti.Node.Runtimes;

/// <summary>One process as /proc/pid/stat shows it.</summary>
/// <param name="Pid">Its id.</param>
/// <param name="State">R, S, D, T, Z, X, ...</param>
/// <param name="Parent">Its parent's id.</param>
/// <param name="Session">Its session's id.</param>
/// <param name="CpuTicks">Processor time of it and of the children it waited for, in clock ticks.</param>
/// <param name="StartTicks">When it started, in clock ticks since boot.</param>
/// <param name="ResidentPages">Memory in pages.</param>
internal readonly record struct ProcessStat(int Pid, char State, int Parent, int Session, long CpuTicks, long StartTicks, long ResidentPages)
{
    /// <summary>A zombie holds nothing but its exit code.</summary>
    public bool Lives => State is not ('Z' or 'X');
}

/// <summary>Reads /proc.</summary>
internal static class ProcessTable
{
    /// <summary>Clock ticks a second (_SC_CLK_TCK).</summary>
    public static readonly long TicksPerSecond = Libc.SystemConfiguration(2);

    /// <summary>Bytes in a page.</summary>
    public static readonly long PageBytes = System.Environment.SystemPageSize;

    /// <summary>This boot of the machine.</summary>
    public static readonly string BootId = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <summary>One process; null where there is none.</summary>
    public static ProcessStat? Read(int pid)
    {
        Span<byte> buffer = stackalloc byte[1024];
        try
        {
            using var file = File.OpenHandle($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/stat");
            var length = RandomAccess.Read(file, buffer, 0);
            return Parse(pid, buffer[..length]);
        }
        catch (IOException)
        {
            return null; // It ended: the file is gone, or reading it says ESRCH.
        }
        catch (UnauthorizedAccessException)
        {
            return null; // /proc hides other users' processes (hidepid); they are none of ours.
        }
    }

    /// <summary>Every process that may be seen.</summary>
    public static ImmutableArray<ProcessStat> ReadAll()
    {
        var all = ImmutableArray.CreateBuilder<ProcessStat>(256);
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(folder.AsSpan("/proc/".Length), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && Read(pid) is { } stat)
            {
                all.Add(stat);
            }
        }

        return all.ToImmutable();
    }

    /// <summary>Reads one line of stat. The command in parentheses may hold anything, so fields are counted from its last ')'.</summary>
    internal static ProcessStat? Parse(int pid, ReadOnlySpan<byte> line)
    {
        var end = line.LastIndexOf((byte)')');
        if (end < 0 || end + 2 >= line.Length)
        {
            return null;
        }

        var rest = line[(end + 2)..];
        var state = (char)rest[0];
        Span<long> fields = stackalloc long[25];
        var field = 3;
        foreach (var range in rest.Split((byte)' '))
        {
            if (field >= fields.Length)
            {
                break;
            }

            fields[field++] = Utf8Parser.TryParse(rest[range], out long number, out _) ? number : 0;
        }

        return field < fields.Length
            ? null
            : new ProcessStat(pid, state, (int)fields[4], (int)fields[6], fields[14] + fields[15] + fields[16] + fields[17], fields[22], fields[24]);
    }
}
