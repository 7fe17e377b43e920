using Tutti.Model.Agents;

namespace Tutti.Node.Instances;

/// <summary>What is wanted of one instance at one moment.</summary>
internal sealed record Desire
{
    /// <summary>The newest assignment.</summary>
    public required Assignment Assignment { get; init; }

    /// <summary>The server no longer names it: stop it and leave no trace.</summary>
    public bool Forgotten { get; init; }

    /// <summary>The agent ends: leave it as it is.</summary>
    public bool Leaving { get; init; }

    /// <summary>Attempts up to this one lost their lease and must not run.</summary>
    public int LeaseLostUpTo { get; init; }
}

/// <summary>Holds the newest desire, and interrupts whoever acts on an older one.</summary>
internal sealed class DesireCell(Desire first) : IDisposable
{
    private readonly Lock _gate = new();
    private Desire _current = first;
    private CancellationTokenSource _turn = new();

    /// <summary>The desire now.</summary>
    public Desire Current
    {
        get
        {
            lock (_gate)
            {
                return _current;
            }
        }
    }

    /// <summary>The desire now, and a token that is cancelled as soon as another one asks for something else to be done.</summary>
    public (Desire Desire, CancellationToken Turn) Read()
    {
        lock (_gate)
        {
            return (_current, _turn.Token);
        }
    }

    /// <summary>Takes a newer assignment. An older attempt changes nothing, and what was once to stop is never to run again.</summary>
    public void Want(Assignment assignment) => Change(desire =>
        assignment.Attempt < desire.Assignment.Attempt ? desire
        : assignment.Attempt == desire.Assignment.Attempt && desire.Assignment.Goal == AssignmentGoal.Stop
            ? desire with { Assignment = assignment with { Goal = AssignmentGoal.Stop } }
        : desire with { Assignment = assignment });

    /// <summary>It is to vanish.</summary>
    public void Forget() => Change(desire => desire with { Forgotten = true });

    /// <summary>Whatever attempt is wanted now must not run.</summary>
    public void LoseLease() => Change(desire => desire with { LeaseLostUpTo = desire.Assignment.Attempt });

    /// <summary>The agent ends.</summary>
    public void Leave() => Change(desire => desire with { Leaving = true });

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private void Change(Func<Desire, Desire> change)
    {
        CancellationTokenSource ended;
        lock (_gate)
        {
            var next = change(_current);
            var before = _current;
            _current = next;
            if (SameDeed(before, next))
            {
                return;
            }

            ended = _turn;
            _turn = new CancellationTokenSource();
        }

        // Outside the lock, and off this thread: what is interrupted may run on at once.
        _ = ended.CancelAsync();
    }

    private static bool SameDeed(Desire a, Desire b) =>
        a.Assignment.Attempt == b.Assignment.Attempt && a.Assignment.Goal == b.Assignment.Goal
        && a.Forgotten == b.Forgotten && a.Leaving == b.Leaving && a.LeaseLostUpTo == b.LeaseLostUpTo;
}
