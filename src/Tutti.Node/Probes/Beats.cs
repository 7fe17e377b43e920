namespace Tutti.Node.Probes;

/// <summary>The clock that probes go by: all that have the same interval wait for the same beat, and those of longer intervals for every
/// second or tenth of them.</summary>
/// <remarks>A timer for each would wake an idle machine as often as it has instances; this wakes it once an interval for all of them.</remarks>
internal sealed class Beats(TimeProvider time)
{
    /// <summary>How many go on together, one after the other on one thread; more share the beat but not the thread.</summary>
    private const int MostTogether = 16;

    private readonly Lock _gate = new();
    private readonly Dictionary<TimeSpan, Beat> _next = [];

    /// <summary>Completes on the next beat, at the latest one interval from now.</summary>
    public Task NextAsync(TimeSpan interval, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (!_next.TryGetValue(interval, out var beat) || beat.Over.IsCompleted || beat.Waiting == MostTogether)
            {
                foreach (var (over, _) in _next.Where(known => known.Value.Over.IsCompleted).ToList())
                {
                    _next.Remove(over);
                }

                _next[interval] = beat = new Beat(Task.Delay(Until(interval), time, CancellationToken.None));
            }

            beat.Waiting++;
            return beat.Over.WaitAsync(cancellation);
        }
    }

    /// <summary>Timers count whole milliseconds: rounded up, so that none comes just before its beat and again on it.</summary>
    private TimeSpan Until(TimeSpan interval) =>
        TimeSpan.FromMilliseconds(Math.Ceiling((interval - new TimeSpan(time.GetElapsedTime(0).Ticks % interval.Ticks)).TotalMilliseconds));

    private sealed class Beat(Task over)
    {
        public Task Over => over;

        public int Waiting { get; set; }
    }
}
