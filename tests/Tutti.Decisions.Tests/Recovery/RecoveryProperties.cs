using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Tutti.Decisions.Recovery;
using Tutti.Model.Manifest;

namespace Tutti.Decisions.Tests.Recovery;

/// <summary>A policy, a failure and a draw of chance.</summary>
public sealed record RecoveryCase(RecoverSpec Policy, int Streak, double Jitter, ImmutableArray<int> SecondsAgo);

public static class RecoveryCases
{
    public static Arbitrary<RecoveryCase> Case() => (
        from min in Gen.Choose(1, 5000)
        from more in Gen.Choose(0, 100_000)
        from restarts in Gen.Choose(0, 6)
        from within in Gen.Choose(1, 600)
        from streak in Gen.Choose(0, 200)
        from jitter in Gen.Choose(0, 999_999)
        from ago in Gen.Choose(0, 900).ListOf()
        select new RecoveryCase(
            new RecoverSpec
            {
                Restarts = restarts,
                Within = TimeSpan.FromSeconds(within),
                BackoffMin = TimeSpan.FromMilliseconds(min),
                BackoffMax = TimeSpan.FromMilliseconds(min + more),
            },
            streak,
            jitter / 1_000_000.0,
            [.. ago.OrderDescending()])).ToArbitrary();
}

[Properties(Arbitrary = [typeof(RecoveryCases)], MaxTest = 1000)]
public sealed class RecoveryProperties
{
    private static readonly DateTimeOffset _now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Property]
    public void A_wait_is_between_half_of_the_shortest_and_the_longest(RecoveryCase @case)
    {
        var (streak, wait) = RecoveryPlanner.AfterCattleFailure(@case.Policy, @case.Streak, null, @case.Jitter);

        Assert.Equal(@case.Streak + 1, streak);
        if (@case.Streak == 0)
        {
            Assert.Equal(TimeSpan.Zero, wait);
        }
        else
        {
            Assert.InRange(wait, @case.Policy.BackoffMin / 2 - TimeSpan.FromMilliseconds(1), @case.Policy.BackoffMax);
        }
    }

    [Property]
    public void A_wait_doubles_until_it_reaches_its_bound_whatever_the_draw(RecoveryCase @case)
    {
        var bound = Math.Min(@case.Policy.BackoffMax.TotalMilliseconds, @case.Policy.BackoffMin.TotalMilliseconds * Math.Pow(2, Math.Min(60, @case.Streak)));
        var wait = RecoveryPlanner.AfterCattleFailure(@case.Policy, @case.Streak + 1, null, @case.Jitter).Wait.TotalMilliseconds;

        Assert.InRange(wait, Math.Floor(bound / 2), Math.Ceiling(bound));
    }

    [Property]
    public void More_jitter_never_waits_less(RecoveryCase @case) =>
        Assert.True(
            RecoveryPlanner.AfterCattleFailure(@case.Policy, @case.Streak, null, @case.Jitter).Wait
            >= RecoveryPlanner.AfterCattleFailure(@case.Policy, @case.Streak, null, @case.Jitter / 2).Wait);

    [Property]
    public void What_ran_long_enough_begins_a_new_streak_and_is_made_good_at_once(RecoveryCase @case)
    {
        var stable = RecoveryPlanner.AfterCattleFailure(@case.Policy, @case.Streak, RecoveryPlanner.StableAfter, @case.Jitter);
        var almost = RecoveryPlanner.AfterCattleFailure(@case.Policy, @case.Streak, RecoveryPlanner.StableAfter - TimeSpan.FromTicks(1), @case.Jitter);

        Assert.Equal((1, TimeSpan.Zero), stable);
        Assert.Equal(@case.Streak + 1, almost.Streak);
    }

    [Property]
    public void A_pet_has_so_many_restarts_within_the_window_and_no_more(RecoveryCase @case)
    {
        var earlier = @case.SecondsAgo.Select(ago => _now.AddSeconds(-ago)).ToImmutableArray();
        var counted = earlier.Count(time => _now - time <= @case.Policy.Within);
        var (restarts, at) = RecoveryPlanner.AfterPetFailure(@case.Policy, earlier, _now, @case.Jitter);

        Assert.Equal(counted < @case.Policy.Restarts, at is not null);
        Assert.Equal(counted + (at is null ? 0 : 1), restarts.Length);
        Assert.All(restarts, time => Assert.True(_now - time <= @case.Policy.Within));
        Assert.Equal(restarts.Order(), restarts);
        Assert.True(at is null || (at >= _now && at <= _now + @case.Policy.BackoffMax));
        Assert.True(at is null || counted > 0 || at == _now);
    }

    [Property]
    public void A_pet_that_fails_at_once_every_time_is_restarted_so_many_times(RecoveryCase @case)
    {
        var policy = @case.Policy with { Within = TimeSpan.FromDays(1) };
        var (now, restarts, granted) = (_now, ImmutableArray<DateTimeOffset>.Empty, 0);
        while (RecoveryPlanner.AfterPetFailure(policy, restarts, now, @case.Jitter) is ({ } after, { } at))
        {
            (now, restarts) = (at, after);
            granted++;
        }

        Assert.Equal(policy.Restarts, granted);
    }
}
