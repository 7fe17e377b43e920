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

        OldAvailable = Old.Count(Serves);
    }

    /// <summary>Live, with the wanted template, where it may stay.</summary>
    public List<RolloutInstance> Current { get; } = [];

    /// <summary>Live, to be replaced.</summary>
    public List<RolloutInstance> Old { get; } = [];

    /// <summary>Whether some were started with something else; otherwise the old ones only have to move.</summary>
    public bool IsReplacing => Old.Any(old => old.Template != _snapshot.Template);

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
        // A time that is past would wake the loop again and again without anything to do.
        if (time > _snapshot.Now && (Wake is null || time < Wake))
        {
            Wake = time;
        }
    }

    /// <summary>In Run for long enough to count.</summary>
    public bool IsAvailable(RolloutInstance instance) =>
        instance.Phase == InstancePhase.Run && instance.RunSince is { } since && _snapshot.Now - since >= _snapshot.Policy.MinHealthyTime;

    /// <summary>In Run and in discovery. What is withheld serves nobody.</summary>
    public static bool Serves(RolloutInstance instance) => instance is { Phase: InstancePhase.Run, Withheld: false };

    /// <summary>Least loss first: without a node, not in Run, not serving, not for long enough, then the youngest.</summary>
    public IEnumerable<RolloutInstance> CheapestFirst(IEnumerable<RolloutInstance> instances) =>
        instances
            .OrderBy(instance => instance.Placed)
            .ThenBy(instance => instance.Phase == InstancePhase.Run)
            .ThenBy(Serves)
            .ThenBy(IsAvailable)
            .ThenByDescending(instance => instance.Created)
            .ThenBy(instance => instance.Id, StringComparer.Ordinal);
}
