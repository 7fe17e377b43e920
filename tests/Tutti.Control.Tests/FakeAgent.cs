using System.Collections.Immutable;
using Tutti.Control.Commands;
using Tutti.Control.State;
using Tutti.Model.Agents;
using Tutti.Model.Lifecycle;

namespace Tutti.Control.Tests;

/// <summary>An agent that reports at once what it did.</summary>
internal sealed class FakeAgent(Bed bed, string node, NodeCapacity capacity)
{
    private readonly SortedDictionary<string, InstanceReport> _has = new(StringComparer.Ordinal);
    private int _sessions;
    private long _sequence;

    /// <summary>False: silent, and it carries nothing out.</summary>
    public bool Up { get; set; } = true;

    /// <summary>True: what is told to stop takes its time.</summary>
    public bool SlowToStop { get; set; }

    public string Session => $"{node}-{_sessions}";

    public IReadOnlyCollection<InstanceReport> Has => _has.Values;

    public CommandResult Register(ImmutableSortedDictionary<string, string>? labels = null)
    {
        _sessions++;
        _sequence = 0;
        return bed.Handle(new RegisterNode(new NodeRegistration
        {
            Name = node,
            Session = Session,
            Address = "127.0.0.1",
            Capacity = capacity,
            Labels = labels ?? ImmutableSortedDictionary<string, string>.Empty,
        }));
    }

    public void Beat()
    {
        if (Up && !Report().KnownSession)
        {
            Register();
        }
    }

    /// <summary>A process ends by itself.</summary>
    public void Kill(string id, string reason = "killed by SIGKILL", params ReadOnlySpan<string> log)
    {
        var key = $"shop/{id}";
        _has[key] = _has[key] with { Phase = InstancePhase.Failed, Stopped = true, Reason = reason, ExitCode = 137, LogTail = [.. log] };
        Report();
        bed.Settle();
    }

    /// <summary>Stops a pet for want of a lease.</summary>
    public void LoseLease(string id)
    {
        var key = $"shop/{id}";
        _has[key] = _has[key] with { Phase = InstancePhase.Failed, Stopped = true, Reason = "stopped: its lease ran out", LeaseLost = true };
        Report();
        bed.Settle();
    }

    /// <summary>Carries out what is assigned; false where there was nothing to do.</summary>
    public bool React()
    {
        if (!Up)
        {
            return false;
        }

        var assigned = bed.State.InstancesOn(node);
        var changed = false;
        foreach (var gone in _has.Keys.Where(key => !assigned.ContainsKey(key)).ToList())
        {
            _has.Remove(gone);
        }

        foreach (var instance in assigned.Values.OrderBy(instance => instance.Key, StringComparer.Ordinal))
        {
            var known = _has.GetValueOrDefault(instance.Key);
            var next = instance.Goal == AssignmentGoal.Stop ? Stopped(known, instance.Id, instance.Attempt) : Started(known, instance);
            if (next is not null && next != known)
            {
                _has[instance.Key] = next;
                changed = true;
            }
        }

        return changed && Report().Changed;
    }

    public CommandResult Report(params ReadOnlySpan<InstanceReport> only) => bed.Handle(new ReportNode(node, new NodeReport
    {
        Session = Session,
        Sequence = ++_sequence,
        Complete = only.IsEmpty,
        Instances = only.IsEmpty ? [.. _has.Values] : [.. only],
    }));

    private InstanceReport? Stopped(InstanceReport? known, string id, int attempt) =>
        known is { Stopped: true } && known.Attempt == attempt || SlowToStop ? known
        : new InstanceReport { Instance = id, Architecture = "shop", Attempt = attempt, Phase = known?.Phase == InstancePhase.Failed ? InstancePhase.Failed : InstancePhase.Destroy, Stopped = true };

    private InstanceReport Started(InstanceReport? known, Instance instance)
    {
        if (known?.Attempt == instance.Attempt)
        {
            return known;
        }

        var fate = bed.Fate(instance);
        return new InstanceReport
        {
            Instance = instance.Id,
            Architecture = instance.Architecture,
            Attempt = instance.Attempt,
            Phase = fate.Phase,
            Stopped = fate.Phase == InstancePhase.Failed,
            Reason = fate.Reason,
            ExitCode = fate.ExitCode,
            LogTail = fate.Log.IsDefault ? [] : fate.Log,
        };
    }
}
