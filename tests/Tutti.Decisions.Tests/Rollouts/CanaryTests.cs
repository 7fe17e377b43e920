using System.Collections.Immutable;
using Tutti.Decisions.Rollouts;
using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest;

namespace Tutti.Decisions.Tests.Rollouts;

public sealed class CanaryTests
{
    private static readonly TimeSpan _hold = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(10, new[] { 20, 50 })]
    [InlineData(3, new[] { 1, 34, 67 })]
    [InlineData(100, new[] { 7 })]
    [InlineData(1, new[] { 10, 50 })]
    [InlineData(0, new[] { 10 })]
    public void Shares_rise_step_by_step_and_hold(int wanted, int[] steps)
    {
        var world = new PerfectWorld(Snapshot(wanted, steps));
        var (step, reached) = (0, world.Snapshot.Now);
        for (var second = 0; second < 1000; second++)
        {
            var plan = RolloutPlanner.Plan(world.Snapshot);
            Assert.InRange(plan.Step, step, step + 1);
            if (plan.Step > step)
            {
                Assert.True(world.Snapshot.Now - reached >= _hold, $"step {step} held for {world.Snapshot.Now - reached}");
                step = plan.Step;
            }

            world.Record(plan);
            var share = step < steps.Length ? ((wanted * steps[step]) + 99) / 100 : wanted;
            var (fresh, available) = (world.Snapshot.Instances.Count(IsNew), plan.Available);
            Assert.True(fresh <= share, $"{fresh} new ones at step {step}, whose share is {share}");
            reached = available < share || plan.HeldSince is null ? world.Snapshot.Now : reached;
            if (plan.Complete)
            {
                Assert.Equal(wanted, fresh);
                return;
            }

            world.Pass();
        }

        Assert.Fail("never complete");
    }

    // The share of 7 percent of 100 is 7, which floating point makes 7.000000000000001 and a rounding up 8.
    [Fact]
    public void A_share_is_computed_in_whole_numbers() =>
        Assert.Equal(7, RolloutPlanner.Plan(Snapshot(100, [7]) with { Policy = Snapshot(100, [7]).Policy with { MaxSurge = 50 } }).Start);

    // The hold of a canary used to begin anew at every look, because a drain has no operation that keeps its time.
    [Fact]
    public void A_drain_is_no_canary()
    {
        var snapshot = Snapshot(4, [25]) with { Template = "old" };
        var draining = snapshot with { Instances = snapshot.Instances.SetItem(0, snapshot.Instances[0] with { MustMove = true }) };

        Assert.Equal(1, RolloutPlanner.Plan(draining).Start);
    }

    [Fact]
    public void Paused_after_its_hold_it_asks_for_no_wake()
    {
        var world = new PerfectWorld(Snapshot(4, [25, 50]));
        for (var second = 0; second < 6; second++)
        {
            world.Record(RolloutPlanner.Plan(world.Snapshot));
            world.Pass();
        }

        Assert.NotNull(world.Snapshot.HeldSince);
        var paused = RolloutPlanner.Plan(world.Snapshot with { Paused = true, Now = world.Snapshot.Now.AddMinutes(1) });
        Assert.Equal((0, (DateTimeOffset?)null), (paused.Step, paused.Wake));
    }

    // A fifth and a half of two are both one: nothing started that would have had the second step looked at, and it began with the next resync.
    [Fact]
    public void A_step_that_needs_nobody_new_is_held_at_once()
    {
        var world = new PerfectWorld(Snapshot(2, [20, 50]));
        for (var second = 0; RolloutPlanner.Plan(world.Snapshot).Step == 0; second++)
        {
            Assert.True(second < 60, "the first step never ends");
            world.Record(RolloutPlanner.Plan(world.Snapshot));
            world.Pass();
        }

        var plan = RolloutPlanner.Plan(world.Snapshot);
        Assert.Equal((1, world.Snapshot.Now, world.Snapshot.Now + _hold), (plan.Step, plan.HeldSince, plan.Wake));
    }

    // Counting them as serving once took the old side away while nothing else was in discovery.
    [Fact]
    public void A_green_side_that_was_overtaken_goes_before_what_serves()
    {
        var old = Snapshot(2, []).Instances;
        var green = old.Select(instance => instance with { Id = $"green-{instance.Id}", Template = "green", Withheld = true, Created = instance.Created.AddDays(-1) });
        foreach (var strategy in Enum.GetValues<UpdateStrategy>())
        {
            var snapshot = Snapshot(2, [50]) with { Instances = [.. old, .. green], Policy = new UpdateSpec { Strategy = strategy, Steps = [50] } };
            Assert.Equal(["green-web-0", "green-web-1"], RolloutPlanner.Plan(snapshot).Stop.Select(stop => stop.Id).Order());
        }
    }

    private static bool IsNew(RolloutInstance instance) => instance.Template == "new";

    private static RolloutSnapshot Snapshot(int wanted, int[] steps) => new()
    {
        Now = RolloutCases.Now,
        Template = "new",
        Wanted = wanted,
        Policy = new UpdateSpec { Strategy = UpdateStrategy.Canary, Steps = [.. steps], Hold = _hold },
        Instances = [.. Enumerable.Range(0, wanted).Select(i => new RolloutInstance
        {
            Id = $"web-{i}",
            Template = "old",
            Phase = InstancePhase.Run,
            RunSince = RolloutCases.Now.AddDays(-1),
            Created = RolloutCases.Now.AddDays(-1),
            Placed = true,
        })],
    };
}
