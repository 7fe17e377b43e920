using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Tutti.Node.Runtimes;

namespace Tutti.Node.Agent;

/// <summary>Finds processes by the mark that every launch has in its environment: the only trace of a process
/// whose agent was killed between starting it and writing its pid down.</summary>
internal static class LaunchMarks
{
    /// <summary>Name of the environment variable.</summary>
    public const string Variable = "TUTTI_LAUNCH";

    private static readonly byte[] _name = Encoding.ASCII.GetBytes(Variable + "=");

    /// <summary>Every process of this machine that carries a mark beginning so, by mark. One that ends meanwhile is passed over.</summary>
    public static ILookup<string, MarkedProcess> Find(string journalId)
    {
        var found = new List<(string Mark, MarkedProcess Process)>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && MarkOf(pid) is { } mark
                && mark.StartsWith(journalId + "-", StringComparison.Ordinal)
                && Describe(pid) is { } process)
            {
                found.Add((mark, process));
            }
        }

        return found.ToLookup(f => f.Mark, f => f.Process);
    }

    /// <summary>The process that was started first and by none of the others.</summary>
    public static MarkedProcess? LeaderOf(IEnumerable<MarkedProcess> marked)
    {
        var all = marked.ToImmutableArray();
        return all.Where(p => !all.Any(other => other.Pid == p.Parent)).MinBy(p => (p.StartTicks, p.Pid));
    }

    /// <summary>The boot of this machine in which pids and start times hold.</summary>
    public static string BootId() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <summary>Kills every process with one of the marks, until none is left; what cannot be killed within the time is left.</summary>
    public static async Task<int> KillAsync(string journalId, Func<string, bool> which, TimeProvider time, CancellationToken cancellation)
    {
        var killed = new HashSet<int>();
        var started = time.GetTimestamp();
        while (time.GetElapsedTime(started) < TimeSpan.FromSeconds(5))
        {
            var left = Find(journalId).Where(g => which(g.Key)).SelectMany(g => g).ToImmutableArray();
            if (left.IsEmpty)
            {
                break;
            }

            foreach (var process in left)
            {
                killed.Add(process.Pid);
                Kill(process.Pid);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancellation);
        }

        return killed.Count;
    }

    private static void Kill(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            process.Kill();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It has ended by itself since it was found, which is what was wanted; the next look tells.
        }
    }

    private static string? MarkOf(int pid)
    {
        byte[] environment;
        try
        {
            environment = File.ReadAllBytes($"/proc/{pid}/environ");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Ended meanwhile, or another user's: none that this agent started.
            return null;
        }

        var rest = environment.AsSpan();
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf((byte)0);
            var variable = end < 0 ? rest : rest[..end];
            if (variable.StartsWith(_name))
            {
                return Encoding.UTF8.GetString(variable[_name.Length..]);
            }

            rest = end < 0 ? [] : rest[(end + 1)..];
        }

        return null;
    }

    private static MarkedProcess? Describe(int pid)
    {
        string stat;
        try
        {
            stat = File.ReadAllText($"/proc/{pid}/stat");
        }
        catch (IOException)
        {
            // Ended meanwhile.
            return null;
        }

        // The name in parentheses may hold spaces and parentheses; the fields begin after the last one (proc_pid_stat(5)).
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields[0] is "Z" or "X"
            ? null
            : new MarkedProcess(pid, int.Parse(fields[1], CultureInfo.InvariantCulture), long.Parse(fields[19], CultureInfo.InvariantCulture));
    }
}

/// <summary>A process that carries a launch's mark.</summary>
internal sealed record MarkedProcess(int Pid, int Parent, long StartTicks)
{
    /// <summary>The identity by which a runtime adopts it; its cgroup is not known.</summary>
    public InstanceIdentity Identity => new(Pid, StartTicks, LaunchMarks.BootId(), null);
}
