using System.Collections.Immutable;
using FsCheck.Xunit;
using Tutti.Decisions.Rollouts;
using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest;

namespace Tutti.Decisions.Tests.Rollouts;

[Properties(Arbitrary = [typeof(RolloutCases)], MaxTest = 1000)]
public sealed class RolloutProperties
{
    [Property]
    public void A_start_never_goes_over_the_surge(RolloutCase @case)
    {
        var (snapshot, plan) = (@case.Snapshot, RolloutPlanner.Plan(@case.Snapshot));
        if (snapshot.Kind == ServiceKind.Pet || plan.Start == 0)
        {
            return;
        }

        var stopped = plan.Stop.Select(stop => stop.Id).ToHashSet();
        var live = snapshot.Instances.Where(instance => instance.Live && !stopped.Contains(instance.Id)).ToList();
        var old = live.Count(instance => instance.Template != snapshot.Template || instance.MustMove);
        var bound = snapshot.Policy.Strategy == UpdateStrategy.BlueGreen
            ? snapshot.Wanted + Math.Max(old, snapshot.Policy.MaxSurge)
            : snapshot.Wanted + (old > 0 || stopped.Count > 0 ? snapshot.Policy.MaxSurge : 0);
        Assert.True(live.Count + plan.Start <= bound, $"{live.Count} live and {plan.Start} started are over {bound}");
    }

    [Property]
    public void A_stop_never_takes_the_available_ones_below_the_floor(RolloutCase @case)
    {
        var (snapshot, plan) = (@case.Snapshot, RolloutPlanner.Plan(@case.Snapshot));
        if (snapshot.Kind == ServiceKind.Pet)
        {
            return;
        }

        var stopped = plan.Stop.Select(stop => stop.Id).ToHashSet();
        var floor = snapshot.Wanted - snapshot.Policy.MaxUnavailable;
        var serving = snapshot.Instances.Where(instance => Serves(instance, snapshot, plan)).Select(instance => instance.Id).ToList();
        var left = serving.Count(id => !stopped.Contains(id));
        Assert.True(left == serving.Count || left >= floor, $"{serving.Count} serve, {left} would be left, the floor is {floor}");
    }

    [Property]
    public void The_same_plan_again_and_in_any_order_of_instances(RolloutCase @case)
    {
        var plan = Text(RolloutPlanner.Plan(@case.Snapshot));

        Assert.Equal(plan, Text(RolloutPlanner.Plan(@case.Snapshot)));
        Assert.Equal(plan, Text(RolloutPlanner.Plan(@case.Snapshot with { Instances = [.. @case.Snapshot.Instances.Reverse()] })));
    }

    [Property]
    public void A_recorded_plan_leaves_nothing_to_do_at_the_same_time(RolloutCase @case)
    {
        var world = new PerfectWorld(@case.Snapshot);
        for (var i = 0; i < 12; i++)
        {
            var plan = RolloutPlanner.Plan(world.Snapshot);
            if (IsEmpty(plan) && plan.Step == world.Snapshot.Step)
            {
                return;
            }

            world.Record(plan);
        }

        Assert.Fail($"still something to do: {Text(RolloutPlanner.Plan(world.Snapshot))}");
    }

    [Property]
    public void Comes_to_its_end_from_any_state_when_everything_succeeds(RolloutCase @case)
    {
        var world = new PerfectWorld(@case.Snapshot with { Paused = false, Blocked = false });
        for (var second = 0; second < 200; second++)
        {
            var plan = RolloutPlanner.Plan(world.Snapshot);
            if (plan.Complete)
            {
                world.Record(plan);
                AssertAsWanted(world.Snapshot);
                return;
            }

            world.Record(plan);
            world.Pass();
        }

        Assert.Fail($"after 200 seconds: {new RolloutCase(world.Snapshot)}\n{Text(RolloutPlanner.Plan(world.Snapshot))}");
    }

    [Property]
    public void A_wake_is_never_past(RolloutCase @case)
    {
        var snapshot = @case.Snapshot with { HeldSince = RolloutCases.Now.AddMinutes(-5) };
        Assert.True(RolloutPlanner.Plan(snapshot).Wake is not { } wake || wake > snapshot.Now);
    }

    [Property]
    public void Nothing_is_decided_twice_in_one_plan(RolloutCase @case)
    {
        var plan = RolloutPlanner.Plan(@case.Snapshot);
        string[] decided = [.. plan.Stop.Select(stop => stop.Id), .. plan.Reveal, .. plan.RestartInPlace];
        Assert.Equal(decided.Distinct(), decided);
    }

    [Property]
    public void Paused_nothing_is_stopped(RolloutCase @case) =>
        Assert.Empty(RolloutPlanner.Plan(@case.Snapshot with { Paused = true }).Stop);

    [Property]
    public void Paused_no_more_are_started_than_are_kept(RolloutCase @case)
    {
        var paused = @case.Snapshot with { Paused = true, Kept = Math.Max(0, @case.Snapshot.Wanted - 2) };
        var plan = RolloutPlanner.Plan(paused);
        Assert.True(plan.Start == 0 || paused.Instances.Count(each => each.Live) + plan.Start <= paused.Kept, Text(plan));
        Assert.All(plan.StartPets, ordinal => Assert.True(ordinal < paused.Kept));
        Assert.All(plan.RestartInPlace, id => Assert.True(paused.Instances.Single(each => each.Id == id).Ordinal < paused.Kept));
    }

    [Property]
    public void Blocked_or_backing_off_nothing_is_started(RolloutCase @case)
    {
        foreach (var held in new[] { @case.Snapshot with { Blocked = true }, @case.Snapshot with { NotBefore = RolloutCases.Now.AddSeconds(3) } })
        {
            var plan = RolloutPlanner.Plan(held);
            Assert.Equal(0, plan.Start + plan.StartPets.Length + plan.RestartInPlace.Length);
        }
    }

    [Property]
    public void A_pet_that_serves_is_stopped_only_while_all_others_do(RolloutCase @case)
    {
        var (snapshot, plan) = (@case.Snapshot, RolloutPlanner.Plan(@case.Snapshot));
        if (snapshot.Kind == ServiceKind.Cattle)
        {
            return;
        }

        var wanted = snapshot.Instances.Where(pet => pet.Ordinal >= 0 && pet.Ordinal < snapshot.Wanted).ToDictionary(pet => pet.Id);
        var stopped = plan.Stop.Where(stop => wanted.TryGetValue(stop.Id, out var pet) && pet.Phase == InstancePhase.Run).ToList();
        Assert.True(stopped.Count <= 1);
        if (stopped.Count == 1)
        {
            Assert.Equal(snapshot.Wanted, wanted.Count);
            Assert.All(wanted.Values, pet => Assert.True(pet.Live && pet.Phase == InstancePhase.Run));
            Assert.False(snapshot.Blocked);
        }
    }

    [Property]
    public void Blue_green_reveals_and_stops_in_one_plan(RolloutCase @case)
    {
        var snapshot = @case.Snapshot with { Kind = ServiceKind.Cattle, Policy = @case.Snapshot.Policy with { Strategy = UpdateStrategy.BlueGreen } };
        snapshot = snapshot with { Instances = [.. snapshot.Instances.Select(instance => instance with { Ordinal = -1 })] };
        var plan = RolloutPlanner.Plan(snapshot);
        var old = snapshot.Instances.Where(instance => instance.Live && (instance.Template != snapshot.Template || instance.MustMove)).ToList();
        if (old.All(instance => instance.Template == snapshot.Template))
        {
            return;
        }

        var stopped = plan.Stop.Select(stop => stop.Id).ToHashSet();
        var serving = old.Where(instance => !instance.Withheld).Select(instance => instance.Id).ToList();
        Assert.True(serving.All(stopped.Contains) || !serving.Any(stopped.Contains), "the old side goes in part");
        if (plan.Reveal.Length > 0 || serving.Any(stopped.Contains))
        {
            Assert.All(serving, id => Assert.Contains(id, stopped));
            Assert.True(plan.Available >= snapshot.Wanted);
        }
    }

    private static bool Serves(RolloutInstance instance, RolloutSnapshot snapshot, RolloutPlan plan) =>
        instance is { Stopping: false, Phase: InstancePhase.Run }
        && (instance.Template == snapshot.Template && !instance.MustMove
            ? (!instance.Withheld || plan.Reveal.Contains(instance.Id)) && snapshot.Now - instance.RunSince >= snapshot.Policy.MinHealthyTime
            : !instance.Withheld);

    private static void AssertAsWanted(RolloutSnapshot snapshot)
    {
        var live = snapshot.Instances.Where(instance => instance.Live).ToList();
        Assert.Equal(snapshot.Wanted, live.Count);
        Assert.All(live, instance => Assert.True(instance.Template == snapshot.Template && instance is { Phase: InstancePhase.Run, Withheld: false, MustMove: false }));
        if (snapshot.Kind == ServiceKind.Pet)
        {
            Assert.Equal(Enumerable.Range(0, snapshot.Wanted), live.Select(pet => pet.Ordinal).Order());
        }
    }

    private static bool IsEmpty(RolloutPlan plan) =>
        plan.Start == 0 && plan.StartPets.IsEmpty && plan.Stop.IsEmpty && plan.Reveal.IsEmpty && plan.RestartInPlace.IsEmpty;

    private static string Text(RolloutPlan plan) =>
        $"start {plan.Start}{(plan.Start > 0 && plan.StartWithheld ? " withheld" : "")} pets [{string.Join(' ', plan.StartPets)}] stop [{string.Join(", ", plan.Stop.OrderBy(stop => stop.Id, StringComparer.Ordinal))}] reveal [{string.Join(' ', plan.Reveal.Order(StringComparer.Ordinal))}] again [{string.Join(' ', plan.RestartInPlace)}] step {plan.Step} held {plan.HeldSince:mm:ss} wake {plan.Wake:mm:ss} available {plan.Available}{(plan.Complete ? " complete" : "")}";
}
