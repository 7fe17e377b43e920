using System.Collections.Immutable;
using Tutti.Model.Agents;
using Tutti.Model.Lifecycle;
using Tutti.Model.Quantities;
using Tutti.Node.Instances;

namespace Tutti.Node.Agent;

/// <summary>Every instance of this node.</summary>
internal sealed class InstanceTable(InstanceParts parts, Action changed) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, InstanceSupervisor> _all = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Assignment> _successors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NodeCapacity> _used = new(StringComparer.Ordinal);
    private HashSet<string> _touched = new(StringComparer.Ordinal);
    private bool _closed;

    /// <summary>Whether one of them is a pet.</summary>
    public bool HasPets
    {
        get
        {
            lock (_gate)
            {
                return _all.Values.Any(s => s.Assignment.Kind == ServiceKind.Pet);
            }
        }
    }

    /// <summary>Architectures whose endpoints some instance needs.</summary>
    public ImmutableSortedSet<string> Consuming
    {
        get
        {
            lock (_gate)
            {
                // One that is being stopped still serves its last requests, and is to be led right meanwhile.
                return [.. _all.Values.Where(s => s.Assignment.Goal == AssignmentGoal.Run || !s.Report.Stopped)
                    .Select(s => s.Assignment)
                    .Where(a => a.Upstreams.Any(u => u.ExternalUrl is null))
                    .Select(a => a.Architecture)];
            }
        }
    }

    /// <summary>Digests of the artifacts that some assignment names.</summary>
    public ImmutableHashSet<string> Artifacts
    {
        get
        {
            lock (_gate)
            {
                return [.. _all.Values.Select(s => s.Assignment).Concat(_successors.Values).Select(a => a.Run.Digest).OfType<string>()];
            }
        }
    }

    /// <summary>Puts in one that an earlier agent had.</summary>
    public void Adopt(JournalEntry entry, Runtimes.IRunningInstance? running) => Add(
        InstanceSupervisor.KeyOf(entry.Assignment.Architecture, entry.Assignment.Instance),
        touched => InstanceSupervisor.Adopt(parts, entry, running, touched));

    /// <summary>Does what the server says. Saying it twice, or an older thing again, changes nothing.</summary>
    public void Apply(AssignmentEvent said)
    {
        lock (_gate)
        {
            if (said.Snapshot)
            {
                var named = said.Assigned.Select(a => InstanceSupervisor.KeyOf(a.Architecture, a.Instance)).ToHashSet(StringComparer.Ordinal);
                foreach (var supervisor in _all.Values.Where(s => !named.Contains(s.Key)))
                {
                    Forget(supervisor);
                }
            }

            foreach (var removed in said.Removed)
            {
                foreach (var supervisor in _all.Values.Where(s => Names(removed, s)))
                {
                    Forget(supervisor);
                }
            }

            // Last, so that a name taken up again in the same breath is not lost with its former holder.
            foreach (var assignment in said.Assigned)
            {
                Want(assignment);
            }
        }
    }

    /// <summary>The one with this key, or with this id.</summary>
    public InstanceSupervisor? Find(string name)
    {
        lock (_gate)
        {
            return _all.GetValueOrDefault(name) ?? _all.Values.FirstOrDefault(s => Names(name, s));
        }
    }

    /// <summary>Stops every pet: the server may place them elsewhere.</summary>
    public void StopPets()
    {
        lock (_gate)
        {
            foreach (var supervisor in _all.Values.Where(s => s.Assignment.Kind == ServiceKind.Pet))
            {
                supervisor.LoseLease();
            }
        }
    }

    /// <summary>Completes when no pet runs.</summary>
    public async Task NoPetRunsAsync(CancellationToken cancellation)
    {
        while (PetRuns())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), parts.Time, cancellation);
        }
    }

    /// <summary>Measures what each uses.</summary>
    public void Measure()
    {
        InstanceSupervisor[] all;
        lock (_gate)
        {
            all = [.. _all.Values];
        }

        foreach (var supervisor in all)
        {
            var used = supervisor.Measure();
            lock (_gate)
            {
                _used.Remove(supervisor.Key);
                if (used is not null)
                {
                    _used[supervisor.Key] = used;
                }
            }
        }
    }

    /// <summary>Reports of all, or of those that changed since the last call, and what all of them use.</summary>
    public (ImmutableArray<InstanceReport> Instances, NodeCapacity? Used) Report(bool complete)
    {
        lock (_gate)
        {
            var touched = _touched;
            _touched = new HashSet<string>(StringComparer.Ordinal);
            var told = _all.Values
                .Where(s => complete || touched.Contains(s.Key))
                .Select(s => s.Report with { Used = _used.GetValueOrDefault(s.Key) })
                .ToImmutableArray();
            return (told, complete && _used.Count > 0 ? Sum(_used.Values) : null);
        }
    }

    /// <summary>Lets go of all of them; what runs is left running.</summary>
    public async ValueTask DisposeAsync()
    {
        InstanceSupervisor[] all;
        lock (_gate)
        {
            _closed = true;
            all = [.. _all.Values];
            _all.Clear();
            _successors.Clear();
        }

        foreach (var supervisor in all)
        {
            await supervisor.DisposeAsync();
        }
    }

    private static NodeCapacity Sum(IEnumerable<NodeCapacity> parts) =>
        parts.Aggregate(new NodeCapacity(Cpu.Zero, ByteSize.Zero), (a, b) => new NodeCapacity(a.Cpu + b.Cpu, a.Memory + b.Memory));

    /// <summary>Cattle have ids of their own for ever; a pet's id may occur in two architectures, so a bare one stands only for what was to be stopped.</summary>
    private static bool Names(string name, InstanceSupervisor supervisor) =>
        name == supervisor.Key
        || (name == supervisor.Assignment.Instance && (supervisor.Assignment.Kind == ServiceKind.Cattle || supervisor.Assignment.Goal == AssignmentGoal.Stop));

    private bool PetRuns()
    {
        lock (_gate)
        {
            return _all.Values.Any(s => s.Assignment.Kind == ServiceKind.Pet && !s.Report.Stopped);
        }
    }

    private void Want(Assignment assignment)
    {
        var key = InstanceSupervisor.KeyOf(assignment.Architecture, assignment.Instance);
        if (!_all.TryGetValue(key, out var supervisor))
        {
            Add(key, touched => InstanceSupervisor.Create(parts, assignment, touched));
        }
        else if (supervisor.Forgotten)
        {
            // The former holder of the name has to be gone before this one begins.
            _successors[key] = assignment;
        }
        else
        {
            supervisor.Want(assignment);
        }
    }

    private void Forget(InstanceSupervisor supervisor)
    {
        _successors.Remove(supervisor.Key);
        supervisor.Forget();
    }

    private void Add(string key, Func<Action, InstanceSupervisor> make)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            var supervisor = make(() => Touch(key));
            _all[key] = supervisor;
            _touched.Add(key);
            _ = ReplaceAfterAsync(supervisor);
        }

        changed();
    }

    private async Task ReplaceAfterAsync(InstanceSupervisor supervisor)
    {
        await supervisor.Ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            if (!supervisor.Forgotten || _closed)
            {
                return;
            }

            _all.Remove(supervisor.Key);
            _used.Remove(supervisor.Key);
            if (_successors.Remove(supervisor.Key, out var successor))
            {
                Want(successor);
            }
        }
    }

    private void Touch(string key)
    {
        lock (_gate)
        {
            _touched.Add(key);
        }

        changed();
    }
}
