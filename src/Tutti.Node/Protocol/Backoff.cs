namespace Tutti.Node.Protocol;

/// <summary>Waits between attempts: doubling, each with jitter over its upper half so that many agents do not come back at once.</summary>
/// <remarks>Source: "equal jitter" in M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.</remarks>
internal sealed class Backoff(Random random, TimeSpan first, TimeSpan longest)
{
    private TimeSpan _last;

    /// <summary>The wait before the next attempt, between half of the nominal wait and all of it.</summary>
    public TimeSpan Next()
    {
        _last = _last == TimeSpan.Zero ? first : _last * 2 < longest ? _last * 2 : longest;
        return (_last / 2) + (_last / 2 * random.NextDouble());
    }

    /// <summary>Begins again with the first wait, after a success.</summary>
    public void Reset() => _last = TimeSpan.Zero;
}
