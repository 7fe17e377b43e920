using System.Collections.Immutable;
using Tutti.Model.Manifest;

namespace Tutti.Decisions.Recovery;

/// <summary>Decides when something that failed is tried again, and when a person is asked.</summary>
public static class RecoveryPlanner
{
    /// <summary>An instance that was in Run for this long was no start-up failure: the streak begins anew.</summary>
    public static readonly TimeSpan StableAfter = TimeSpan.FromSeconds(10);

    /// <summary>A failed instance of cattle: how long its replacement waits.</summary>
    /// <param name="policy">Backoff bounds.</param>
    /// <param name="streak">Failures in a row before this one.</param>
    /// <param name="ranFor">How long it was in Run; null: never.</param>
    /// <param name="jitter">Drawn evenly from [0, 1).</param>
    /// <returns>The new streak and the wait; the first failure of a streak is made good at once.</returns>
    public static (int Streak, TimeSpan Wait) AfterCattleFailure(RecoverSpec policy, int streak, TimeSpan? ranFor, double jitter)
    {
        var counted = ranFor >= StableAfter ? 1 : streak + 1;
        return (counted, Backoff(policy, counted - 1, jitter));
    }

    /// <summary>A failed pet: when it is started again in place, or null: it has had its restarts, a person decides.</summary>
    /// <param name="policy">Restarts, window and backoff bounds.</param>
    /// <param name="restarts">Times of earlier restarts, oldest first.</param>
    /// <param name="now">The loop's clock.</param>
    /// <param name="jitter">Drawn evenly from [0, 1).</param>
    /// <returns>The restarts that still count with this one added where it is granted, and its time.</returns>
    public static (ImmutableArray<DateTimeOffset> Restarts, DateTimeOffset? At) AfterPetFailure(
        RecoverSpec policy,
        ImmutableArray<DateTimeOffset> restarts,
        DateTimeOffset now,
        double jitter)
    {
        var counted = restarts.RemoveAll(time => now - time > policy.Within);
        if (counted.Length >= policy.Restarts)
        {
            return (counted, null);
        }

        var at = now + Backoff(policy, counted.Length, jitter);
        return (counted.Add(at), at);
    }

    /// <summary>Exponential with jitter: nothing for the first try, then between half and all of min(max, min · 2^(tries−1)).</summary>
    /// <remarks>"Equal jitter" of Brooker, Exponential Backoff And Jitter, AWS Architecture Blog, 2015.</remarks>
    private static TimeSpan Backoff(RecoverSpec policy, int tries, double jitter)
    {
        if (tries <= 0)
        {
            return TimeSpan.Zero;
        }

        var doubled = policy.BackoffMin.TotalMilliseconds * Math.Pow(2, Math.Min(tries - 1, 40));
        var bound = Math.Min(policy.BackoffMax.TotalMilliseconds, doubled);
        return TimeSpan.FromMilliseconds(Math.Round(bound * (0.5 + jitter / 2)));
    }
}
