using System.Collections.Immutable;

namespace Tutti.Node.Runtimes;

/// <summary>Use of whole sessions from one walk over /proc that all instances share, for machines without cgroups.</summary>
internal sealed class SessionUse(TimeProvider time)
{
    /// <summary>How old a walk may be before the next reader makes a new one.</summary>
    private static readonly TimeSpan _fresh = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private ILookup<int, ProcessStat> _bySession = ImmutableArray<ProcessStat>.Empty.ToLookup(p => p.Session);
    private long? _readAt;

    /// <summary>Processor time so far and memory in use; null where the session is gone.</summary>
    public (TimeSpan Cpu, long MemoryBytes)? Of(InstanceIdentity identity)
    {
        ILookup<int, ProcessStat> sessions;
        lock (_lock)
        {
            if (_readAt is not { } at || time.GetElapsedTime(at) > _fresh)
            {
                _bySession = ProcessTable.ReadAll().Where(p => p.Lives).ToLookup(p => p.Session);
                _readAt = time.GetTimestamp();
            }

            sessions = _bySession;
        }

        var members = sessions[identity.Pid].Where(p => p.StartTicks >= identity.StartTicks).ToList();
        return members.Count == 0
            ? null
            : (TimeSpan.FromSeconds(members.Sum(m => m.CpuTicks) / (double)ProcessTable.TicksPerSecond), members.Sum(m => m.ResidentPages) * ProcessTable.PageBytes);
    }
}
