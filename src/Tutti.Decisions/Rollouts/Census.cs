using Tutti.Model.Lifecycle;

namespace Tutti.Decisions.Rollouts;

/// <summary>A service's instances, sorted into those that are as wanted and those that are not.</summary>
internal sealed class Census
{
    private readonly RolloutSnapshot _snapshot;

    public Census(RolloutSnapshot snapshot)
    {
        _snapshot = snapshot;
        foreach (var instance in snapshot.Instances)
        {
            if (!instance.Live)
            {
                Leaving += instance.Stopped ? 0 : 1;
            }
            else if (instance.Template == snapshot.Template && !instance.MustMove)
            {
                Current.Add(instance);
            }
            else
            {
                Old.Add(instance);
            }
        }

        foreach (var instance in Current)
        {
            CurrentAvailable += IsAvailable(instance) ? 1 : 0;
            if (instance.Phase == InstancePhase.Run && !IsAvailable(instance))
            {
                WakeBy(instance.RunSince!.Value + snapshot.Policy.MinHealthyTime);
            }
        }

        OldAvailable = Old.Count(old => old.Phase == InstancePhase.Run);
    }

    /// <summary>Live, with the wanted template, where it may stay.</summary>
    public List<RolloutInstance> Current { get; } = [];

    /// <summary>Live, to be replaced.</summary>
    public List<RolloutInstance> Old { get; } = [];

    /// <summary>Those that stop or have failed, and still run.</summary>
    public int Leaving { get; }

    public int CurrentAvailable { get; }

    public int OldAvailable { get; }

    public int Live => Current.Count + Old.Count;

    public DateTimeOffset? Wake { get; private set; }

    /// <summary>Whether a start has to wait for the backoff; notes when it ends.</summary>
    public bool MayStart
    {
        get
        {
            if (_snapshot.Blocked)
            {
                return false;
            }

            if (_snapshot.NotBefore is { } notBefore && notBefore > _snapshot.Now)
            {
                WakeBy(notBefore);
                return false;
            }

            return true;
        }
    }

    public void WakeBy(DateTimeOffset time)
    {
        if (Wake is null || time < Wake)
        {
            Wake = time;
        }
    }

    /// <summary>In Run for long enough to count.</summary>
    public bool IsAvailable(RolloutInstance instance) =>
        instance.Phase == InstancePhase.Run && instance.RunSince is { } since && _snapshot.Now - since >= _snapshot.Policy.MinHealthyTime;

    /// <summary>Least loss first: without a node, not in Run, then the youngest.</summary>
    public static IEnumerable<RolloutInstance> CheapestFirst(IEnumerable<RolloutInstance> instances) =>
        instances
            .OrderBy(instance => instance.Placed)
            .ThenBy(instance => instance.Phase == InstancePhase.Run)
            .ThenByDescending(instance => instance.Created)
            .ThenBy(instance => instance.Id, StringComparer.Ordinal);
}
