using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Tutti.Bench;

/// <summary>How often a second the disk under a folder makes 4 KiB durable: what no commit rate without grouping can be over for long.</summary>
internal static class RawDisk
{
    private const int BlockBytes = 4_096;

    /// <summary>Appends 4 KiB to a new file and calls fdatasync, again and again.</summary>
    /// <param name="folder">Any folder of the disk.</param>
    /// <param name="duration">How long to measure.</param>
    /// <returns>Appends a second, each one durable.</returns>
    public static double AppendsPerSecond(string folder, TimeSpan duration)
    {
        var path = Path.Combine(folder, $"raw-disk-{Environment.ProcessId}");
        var block = new byte[BlockBytes];
        Random.Shared.NextBytes(block);
        try
        {
            using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
            var clock = Stopwatch.StartNew();
            var count = 0L;
            for (; clock.Elapsed < duration; count++)
            {
                RandomAccess.Write(file, block, count * BlockBytes);
                if (FDataSync(file) != 0)
                    throw new IOException($"fdatasync of {path} failed: {Marshal.GetLastPInvokeErrorMessage()}");
            }

            return count / clock.Elapsed.TotalSeconds;
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Appends 4 KiB and calls fdatasync, once.</summary>
    /// <param name="file">Open for writing.</param>
    /// <param name="offset">Where.</param>
    /// <returns>How long both took.</returns>
    public static TimeSpan Append(SafeFileHandle file, long offset)
    {
        var block = new byte[BlockBytes];
        var began = Stopwatch.GetTimestamp();
        RandomAccess.Write(file, block, offset);
        if (FDataSync(file) != 0)
            throw new IOException($"fdatasync failed: {Marshal.GetLastPInvokeErrorMessage()}");
        return Stopwatch.GetElapsedTime(began);
    }

    [DllImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static extern int FDataSync(SafeFileHandle file);
}
