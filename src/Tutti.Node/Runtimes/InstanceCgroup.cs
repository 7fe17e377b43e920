using System.Collections.Immutable;
using System.Globalization;
using Tutti.Model.Manifest;

namespace Tutti.Node.Runtimes;

/// <summary>The cgroup of one instance: a folder in each hierarchy.</summary>
internal sealed class InstanceCgroup
{
    private const long PeriodMicroseconds = 100_000;
    private const long SmallestQuotaMicroseconds = 1_000;

    private InstanceCgroup(ImmutableArray<string> folders) => Folders = folders;

    /// <summary>Absolute.</summary>
    public ImmutableArray<string> Folders { get; }

    /// <summary>Finds it again after the agent was restarted.</summary>
    public string Name => string.Join(':', Folders);

    /// <summary>Files to which a process writes 0 to move itself in. In version 1 that is a single thread's move, which is a hundred times
    /// cheaper than a whole process's and, for a launcher of one thread, the same.</summary>
    public IEnumerable<string> EntryFiles => Folders.Select(f => Path.Combine(f, File.Exists(Path.Combine(f, "tasks")) ? "tasks" : "cgroup.procs"));

    /// <summary>Makes one and sets its limits; null where the machine does not permit any.</summary>
    public static InstanceCgroup? Create(CgroupMounts mounts, string key, LimitSpec? limits)
    {
        if (mounts.Folders.IsEmpty)
        {
            return null;
        }

        var name = $"tutti.{new string([.. key.Select(c => char.IsAsciiLetterOrDigit(c) || c == '-' ? c : '.')])}.{Path.GetRandomFileName()}";
        var group = new InstanceCgroup([.. mounts.Folders.Select(f => Path.Combine(f, name))]);
        try
        {
            foreach (var folder in group.Folders)
            {
                Directory.CreateDirectory(folder);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            group.TryRemove();
            return null; // Too many groups, or permission was taken away: the instance still runs in its session.
        }

        group.Limit(limits);
        return group;
    }

    /// <summary>One that an earlier agent made; null where nothing of it is left.</summary>
    public static InstanceCgroup? Open(string? name)
    {
        var folders = (name ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Where(Directory.Exists).ToImmutableArray();
        return folders.IsEmpty ? null : new InstanceCgroup(folders);
    }

    /// <summary>Every process in it.</summary>
    public IEnumerable<int> Members()
    {
        var members = new HashSet<int>();
        foreach (var folder in Folders)
        {
            foreach (var line in (ReadText(folder, "cgroup.procs") ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                if (int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && pid > 0)
                {
                    members.Add(pid);
                }
            }
        }

        return members;
    }

    /// <summary>Kills everything in it at once where the kernel can (version 2 since 5.14).</summary>
    public void Kill()
    {
        foreach (var folder in Folders)
        {
            TryWrite(folder, "cgroup.kill", "1");
        }
    }

    /// <summary>Processor time so far; null where no hierarchy counts it.</summary>
    public TimeSpan? CpuTime()
    {
        foreach (var folder in Folders)
        {
            if (ReadNumber(folder, "cpuacct.usage") is { } nanoseconds)
            {
                return TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
            }

            if (Field(ReadText(folder, "cpu.stat"), "usage_usec") is { } microseconds)
            {
                return TimeSpan.FromMicroseconds(microseconds);
            }
        }

        return null;
    }

    /// <summary>Memory that is not page cache on its way out; null where no hierarchy counts it.</summary>
    public long? MemoryBytes()
    {
        foreach (var folder in Folders)
        {
            var (used, inactive) = (ReadNumber(folder, "memory.current"), "inactive_file");
            if (used is null)
            {
                (used, inactive) = (ReadNumber(folder, "memory.usage_in_bytes"), "total_inactive_file");
            }

            if (used is { } bytes)
            {
                return Math.Max(0, bytes - (Field(ReadText(folder, "memory.stat"), inactive) ?? 0));
            }
        }

        return null;
    }

    /// <summary>Whether a process in it was killed because the group had reached its limit, and not because the whole machine ran out.</summary>
    /// <remarks>Source: the kernel's admin-guide, cgroup-v1/memory.rst (memory.oom_control, memory.failcnt) and cgroup-v2.rst (memory.events).</remarks>
    public bool KilledForMemory()
    {
        foreach (var folder in Folders)
        {
            if (ReadText(folder, "memory.events") is { } events)
            {
                return Field(events, "oom") > 0 && Field(events, "oom_kill") > 0;
            }

            if (Field(ReadText(folder, "memory.oom_control"), "oom_kill") is { } killed)
            {
                return killed > 0 && ReadNumber(folder, "memory.failcnt") > 0;
            }
        }

        return false;
    }

    /// <summary>Removes it; false while something is still in it.</summary>
    public bool TryRemove()
    {
        var gone = true;
        foreach (var folder in Folders)
        {
            try
            {
                Directory.Delete(folder);
            }
            catch (DirectoryNotFoundException)
            {
                // Removed before.
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                gone = false;
            }
        }

        return gone;
    }

    private void Limit(LimitSpec? limits)
    {
        foreach (var folder in Folders)
        {
            if (limits?.Cpu is { } cpu)
            {
                var quota = Math.Max(SmallestQuotaMicroseconds, cpu.Millis * PeriodMicroseconds / 1000);
                TryWrite(folder, "cpu.max", $"{quota} {PeriodMicroseconds}");
                TryWrite(folder, "cpu.cfs_quota_us", quota.ToString(CultureInfo.InvariantCulture));
            }

            if (limits?.Memory is { } memory)
            {
                var bytes = memory.Bytes.ToString(CultureInfo.InvariantCulture);
                TryWrite(folder, "memory.max", bytes);
                TryWrite(folder, "memory.swap.max", "0");
                TryWrite(folder, "memory.limit_in_bytes", bytes);
            }
        }
    }

    /// <summary>A hierarchy has only its own controllers' files, so a missing one is ordinary.</summary>
    private static void TryWrite(string folder, string file, string text)
    {
        var path = Path.Combine(folder, file);
        if (!File.Exists(path))
        {
            return;
        }

        try
        {
            File.WriteAllText(path, text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Limits are promised only where the machine permits them (docs/node.md); killing falls back to signals.
        }
    }

    private static string? ReadText(string folder, string file)
    {
        var path = Path.Combine(folder, file);
        try
        {
            return File.Exists(path) ? File.ReadAllText(path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // Removed meanwhile.
        }
    }

    private static long? ReadNumber(string folder, string file) =>
        long.TryParse(ReadText(folder, file), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static long? Field(string? text, string name)
    {
        foreach (var line in (text ?? "").AsSpan().EnumerateLines())
        {
            if (line.StartsWith(name) && line.Length > name.Length && line[name.Length] == ' '
                && long.TryParse(line[(name.Length + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return number;
            }
        }

        return null;
    }
}
