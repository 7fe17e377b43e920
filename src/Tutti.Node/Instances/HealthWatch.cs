using Tutti.Model.Manifest;
using Tutti.Node.Probes;

namespace Tutti.Node.Instances;

/// <summary>Probes one instance: fast until it first passes, then on the beat of its interval until it has failed too often in a row.</summary>
internal sealed class HealthWatch(IProber prober, Beats beats, TimeProvider time)
{
    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan _shortestForCommands = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _longestWithoutHealth = TimeSpan.FromSeconds(1);

    /// <summary>Wait before the next probe of an instance that has not passed yet: an eighth of the time it has been starting, so
    /// that what is lost by waiting is at most an eighth of its own start; between 5 ms (100 ms for commands, which cost a process
    /// each) and the interval.</summary>
    public static TimeSpan StartUpWait(HealthSpec? health, TimeSpan starting)
    {
        var longest = health?.Interval ?? _longestWithoutHealth;
        var shortest = health is { Exec.IsEmpty: false } ? _shortestForCommands : _shortest;
        var wait = starting / 8 < shortest ? shortest : starting / 8;
        return wait < longest ? wait : longest;
    }

    /// <summary>Completes when a probe has passed; what it has found until then goes to <paramref name="failed"/>.</summary>
    public async Task UntilPassedAsync(ProbeTarget target, Action<string> failed, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            await Task.Delay(StartUpWait(target.Health, time.GetElapsedTime(started)), time, cancellation);
            var result = await prober.ProbeAsync(target, cancellation);
            if (result.Passed)
            {
                return;
            }

            failed(result.Failure ?? "the probe failed");
        }
    }

    /// <summary>Completes when the instance has failed as often in a row as its check allows, with the reason; never without a check.</summary>
    /// <param name="target">What is probed.</param>
    /// <param name="atOnce">True: the first probe does not wait for the interval.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<string> UntilFailedAsync(ProbeTarget target, bool atOnce, CancellationToken cancellation)
    {
        if (target.Health is not { } health)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellation);
            throw new OperationCanceledException(cancellation);
        }

        var wellSoFar = target with { PassedLast = true };
        var inARow = 0;
        while (true)
        {
            if (!atOnce)
            {
                await beats.NextAsync(health.Interval, cancellation);
            }

            var result = await prober.ProbeAsync(inARow == 0 && !atOnce ? wellSoFar : target, cancellation);
            atOnce = false;
            inARow = result.Passed ? 0 : inARow + 1;
            if (inARow >= health.Failures)
            {
                var times = inARow == 1 ? "" : $" {inARow} times in a row";
                return $"failed its health check{times}: {result.Failure ?? "the probe failed"}";
            }
        }
    }
}
