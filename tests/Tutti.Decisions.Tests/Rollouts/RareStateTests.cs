using Tutti.Decisions.Rollouts;
using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest;

namespace Tutti.Decisions.Tests.Rollouts;

/// <summary>States that the properties find only now and then, each named for what went wrong in it.</summary>
public sealed class RareStateTests
{
    [Fact]
    public void A_surplus_pet_does_not_stand_in_for_one_that_is_missing()
    {
        var snapshot = Snapshot(1, Running("db-1", 60) with { Ordinal = 1 }) with { Kind = ServiceKind.Pet };
        var plan = RolloutPlanner.Plan(snapshot);

        Assert.False(plan.Complete);
        Assert.Equal([0], plan.StartPets);
    }

    [Theory]
    [InlineData(UpdateStrategy.Rolling)]
    [InlineData(UpdateStrategy.BlueGreen)]
    public void Scaling_in_keeps_what_is_about_to_be_revealed_and_counts_over_what_does_not_count_yet(UpdateStrategy strategy)
    {
        var snapshot = Snapshot(1, Running("new", 0), Running("revealed", 60) with { Withheld = true }) with
        {
            Policy = new UpdateSpec { Strategy = strategy, MinHealthyTime = TimeSpan.FromSeconds(5) },
        };
        var plan = RolloutPlanner.Plan(snapshot);

        Assert.Equal(["new"], plan.Stop.Select(stop => stop.Id));
        Assert.Equal(["revealed"], plan.Reveal);
    }

    private static RolloutSnapshot Snapshot(int wanted, params ReadOnlySpan<RolloutInstance> instances) =>
        new() { Now = RolloutCases.Now, Template = "new", Wanted = wanted, Instances = [.. instances] };

    private static RolloutInstance Running(string id, int seconds) => new()
    {
        Id = id,
        Template = "new",
        Phase = InstancePhase.Run,
        RunSince = RolloutCases.Now.AddSeconds(-seconds),
        Created = RolloutCases.Now.AddSeconds(-60),
        Placed = true,
    };
}
