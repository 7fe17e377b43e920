namespace Tutti.Node.Runtimes;

/// <summary>Everything that belongs to one instance: its session, its cgroup, and the descendants of either.</summary>
/// <remarks>Without a cgroup, a descendant that makes a session of its own and whose parent ended before it was ever seen here escapes.</remarks>
internal sealed class ProcessTree(InstanceIdentity identity, InstanceCgroup? cgroup)
{
    private readonly HashSet<(int Pid, long Start)> _strays = [];
    private readonly Lock _lock = new();

    /// <summary>Its living processes, zombies not counted.</summary>
    public List<ProcessStat> Living()
    {
        var all = ProcessTable.ReadAll();
        var known = all.ToDictionary(p => p.Pid);

        // A session's id is its first leader's pid, and no new process gets that pid while the session has members.
        // So a process of that pid with another start time says that the session is gone and the number belongs to someone else.
        var sessionIsOurs = !known.TryGetValue(identity.Pid, out var leader) || leader.StartTicks == identity.StartTicks;
        var grouped = cgroup?.Members().ToHashSet() ?? [];
        lock (_lock)
        {
            _strays.RemoveWhere(s => !known.TryGetValue(s.Pid, out var p) || p.StartTicks != s.Start);
            var members = all
                .Where(p => (sessionIsOurs && p.Session == identity.Pid && p.StartTicks >= identity.StartTicks)
                    || grouped.Contains(p.Pid)
                    || _strays.Contains((p.Pid, p.StartTicks)))
                .Select(p => p.Pid)
                .ToHashSet();
            if (members.Count > 0)
            {
                AddDescendants(all, members);
            }

            var living = all.Where(p => members.Contains(p.Pid) && p.Lives).ToList();
            _strays.UnionWith(living.Where(p => p.Session != identity.Pid).Select(p => (p.Pid, p.StartTicks)));
            return living;
        }
    }

    /// <summary>Signals the leader's process group; harmless where it is gone.</summary>
    public void Signal(int signal)
    {
        if (ProcessTable.Read(identity.Pid) is { } leader ? leader.StartTicks == identity.StartTicks : Living().Count > 0)
        {
            Libc.Kill(-identity.Pid, signal);
            Libc.Kill(-identity.Pid, Signals.Continue); // A stopped process would not see the signal.
        }
    }

    /// <summary>Kills every process of it that can be seen now; true where there was none.</summary>
    public bool KillOnce()
    {
        cgroup?.Kill();
        var living = Living();
        foreach (var process in living)
        {
            Libc.Kill(process.Pid, Signals.Kill);
        }

        return living.Count == 0;
    }

    private static void AddDescendants(IEnumerable<ProcessStat> all, HashSet<int> members)
    {
        var children = all.ToLookup(p => p.Parent);
        var waiting = new Queue<int>(members);
        while (waiting.TryDequeue(out var parent))
        {
            foreach (var child in children[parent])
            {
                if (members.Add(child.Pid))
                {
                    waiting.Enqueue(child.Pid);
                }
            }
        }
    }
}
