namespace Tutti.Node.Tests.Instances;

/// <summary>A clock that moves only when told.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private long _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public TimeSpan Elapsed => new(GetTimestamp());

    public override long GetTimestamp() => Interlocked.Read(ref _now);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddYears(56) + Elapsed;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        var until = GetTimestamp() + by.Ticks;
        while (true)
        {
            ManualTimer? due;
            lock (_gate)
            {
                due = _timers.Where(t => t.Due <= until).MinBy(t => t.Due);
                Interlocked.Exchange(ref _now, due is null ? until : Math.Max(_now, due.Due));
                if (due is null)
                {
                    return;
                }

                _timers.Remove(due);
            }

            due.Fire();
        }
    }

    /// <summary>Moves on in steps until the condition holds; fails after a real minute. While nobody waits for the clock it stands still:
    /// somebody is at work and has yet to say until when it waits next.</summary>
    public async Task UntilAsync(Func<bool> condition, TimeSpan? step = null)
    {
        var deadline = Environment.TickCount64 + 60_000;
        for (var i = 0; !condition(); i++)
        {
            Assert.True(Environment.TickCount64 < deadline, $"the condition did not come to hold in {Elapsed} of manual time");
            bool awaited;
            lock (_gate)
            {
                awaited = _timers.Count > 0;
            }

            if (awaited && ThreadPool.PendingWorkItemCount == 0)
            {
                Advance(step ?? TimeSpan.FromMilliseconds(10));
            }

            await Task.Delay(!awaited || i % 10 == 0 ? 1 : 0);
            await Task.Yield();
        }
    }

    private sealed class ManualTimer(ManualTime time, Action fire) : ITimer
    {
        public long Due { get; private set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                time._timers.Remove(this);
                if (dueTime >= TimeSpan.Zero)
                {
                    Due = time._now + dueTime.Ticks;
                    time._timers.Add(this);
                }
            }

            return period <= TimeSpan.Zero ? true : throw new NotSupportedException("nothing here repeats");
        }

        public void Dispose()
        {
            lock (time._gate)
            {
                time._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

/// <summary>Waits in real time.</summary>
internal static class Until
{
    public static async Task HoldsAsync(Func<bool> condition, string what, int seconds = 60)
    {
        var deadline = Environment.TickCount64 + (seconds * 1000);
        while (!condition())
        {
            Assert.True(Environment.TickCount64 < deadline, $"did not happen within {seconds}s: {what}");
            await Task.Delay(5);
        }
    }
}
