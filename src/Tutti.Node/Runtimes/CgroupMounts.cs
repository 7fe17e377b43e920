using System.Collections.Immutable;

namespace Tutti.Node.Runtimes;

/// <summary>The cgroup folders in which this agent may make groups: one a hierarchy, the one the agent itself is in.</summary>
/// <remarks>Version 1 where it carries cpu and memory (hybrid machines too), else version 2. Sources: cgroups(7), the kernel's cgroup-v2.rst.</remarks>
internal sealed class CgroupMounts
{
    /// <summary>Name of the leaf in which an agent may be put, so that its parent's controllers can be given to instances (systemd: DelegateSubgroup=agent).</summary>
    private const string AgentLeaf = "agent";

    private static readonly string[] _wanted = ["cpu", "cpuacct", "memory"];

    private CgroupMounts(ImmutableArray<string> folders, bool unified)
    {
        Folders = folders;
        Unified = unified;
    }

    /// <summary>None can be made.</summary>
    public static CgroupMounts None { get; } = new([], false);

    /// <summary>Writable folders; empty: no cgroups.</summary>
    public ImmutableArray<string> Folders { get; }

    /// <summary>Version 2.</summary>
    public bool Unified { get; }

    /// <summary>What this machine permits.</summary>
    public static CgroupMounts Detect()
    {
        try
        {
            return Read(File.ReadAllText("/proc/self/cgroup"), File.ReadAllText("/proc/self/mountinfo"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return None; // Machines without cgroups run instances by session alone.
        }
    }

    /// <summary>Reads the two files of /proc/self, and tries which folders can be written.</summary>
    internal static CgroupMounts Read(string cgroup, string mountInfo)
    {
        var own = cgroup.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => l.Split(':', 3))
            .Where(p => p.Length == 3)
            .ToList();
        var mounts = mountInfo.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Mount.Parse).OfType<Mount>().ToList();

        var folders = new List<string>();
        foreach (var parts in own.Where(p => p[1].Split(',').Any(_wanted.Contains)))
        {
            var controllers = parts[1].Split(',');
            if (mounts.Find(m => m.Type == "cgroup" && controllers.All(m.Options.Contains)) is { } mount && mount.Folder(parts[2]) is { } folder)
            {
                folders.Add(folder);
            }
        }

        var writable = folders.Where(f => !f.Contains(':') && CanMakeGroups(f)).ToImmutableArray();
        if (!writable.IsEmpty)
        {
            return new CgroupMounts(writable, unified: false);
        }

        var path = own.Find(p => p[0] == "0" && p[1].Length == 0)?[2];
        var unified = path is null ? null : mounts.Find(m => m.Type == "cgroup2")?.Folder(path);
        return unified is null || unified.Contains(':') || !CanMakeGroups(unified) ? None : new CgroupMounts([Delegate(unified)], unified: true);
    }

    /// <summary>Gives cpu and memory to groups below. A group that holds processes may not (unless it is the root), which leaves killing and processor time.</summary>
    private static string Delegate(string own)
    {
        var candidates = Path.GetFileName(own) == AgentLeaf ? new[] { Path.GetDirectoryName(own)!, own } : [own];
        foreach (var candidate in candidates)
        {
            try
            {
                File.WriteAllText(Path.Combine(candidate, "cgroup.subtree_control"), "+cpu +memory");
                return candidate;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Not delegated here: the next candidate, or groups without limits.
            }
        }

        return own;
    }

    private static bool CanMakeGroups(string folder)
    {
        var trial = Path.Combine(folder, "tutti.trial." + Path.GetRandomFileName());
        try
        {
            Directory.CreateDirectory(trial);
            Directory.Delete(trial);
            return Libc.Access(Path.Combine(folder, "cgroup.procs"), 2) == 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private sealed record Mount(string Root, string Point, string Type, string[] Options)
    {
        public static Mount? Parse(string line)
        {
            var halves = line.Split(" - ", 2);
            if (halves.Length != 2)
            {
                return null;
            }

            var left = halves[0].Split(' ');
            var right = halves[1].Split(' ');
            return left.Length < 5 || right.Length < 3 ? null : new Mount(left[3], left[4], right[0], right[2].Split(','));
        }

        /// <summary>Where the group of this path shows below the mount; null where the mount shows another part.</summary>
        public string? Folder(string path)
        {
            if (Root == "/")
            {
                return (Point + path).TrimEnd('/');
            }

            return path == Root || path.StartsWith(Root + "/", StringComparison.Ordinal) ? Point + path[Root.Length..] : null;
        }
    }
}
