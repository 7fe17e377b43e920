namespace Tutti.Simulation;

/// <summary>Virtual time: what is to happen, in order, with all chance drawn from one seed.</summary>
internal sealed class World(int seed)
{
    private readonly PriorityQueue<Action, (DateTimeOffset Time, long Sequence)> _pending = new();
    private long _sequence;

    public Random Random { get; } = new(seed);

    public DateTimeOffset Now { get; private set; } = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>True while things may go wrong.</summary>
    public bool Faulty { get; set; }

    public void After(TimeSpan delay, Action action) => _pending.Enqueue(action, (Now + delay, _sequence++));

    public void After(int milliseconds, Action action) => After(TimeSpan.FromMilliseconds(milliseconds), action);

    /// <summary>True with this probability while things may go wrong.</summary>
    public bool Unlucky(double probability)
    {
        // Drawn in any case, so that switching faults off does not change what is drawn after it.
        var drawn = Random.NextDouble();
        return Faulty && drawn < probability;
    }

    /// <summary>Lets the next thing happen; false where nothing is left before the time.</summary>
    public bool Step(DateTimeOffset until)
    {
        if (!_pending.TryPeek(out var action, out var at) || at.Time > until)
        {
            Now = until;
            return false;
        }

        _pending.Dequeue();
        Now = at.Time;
        action();
        return true;
    }
}
