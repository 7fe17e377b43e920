using System.Collections.Immutable;
using Tutti.Decisions.Transitions;

namespace Tutti.Decisions.Tests.Transitions;

/// <summary>A plan that lacks a wait must not pass the model check: otherwise the check would prove nothing.</summary>
public sealed class MutationTests
{
    [Theory]
    [InlineData("start s0", "start s1")]
    [InlineData("retire s1", "retire s0")]
    [InlineData("retire s0", "start s0")]
    [InlineData("retire s1", "start s1")]
    public void Each_kind_of_wait_is_missed_where_it_is_taken_away(string waiter, string awaited)
    {
        // s0 calls s1, and is itself called by a third service that never changes.
        var (mutants, found) = (0, 0);
        foreach (var world in ModelFamilies.Chains(2, 1).Select(CalledByThird))
        {
            foreach (var (plan, from, set) in Plans(world))
            {
                foreach (var mutant in Mutants(plan, wait => Named(wait.Waiter, waiter) && Named(wait.Awaited, awaited)))
                {
                    mutants++;
                    found += ModelCheck.Violation(world, mutant, from, set, []) is null ? 0 : 1;
                }
            }
        }

        Assert.True(found > 0, $"none of {mutants} plans without a wait of {waiter} for {awaited} was found out");
    }

    [Fact]
    public void No_wait_for_another_service_is_without_need()
    {
        foreach (var world in ModelFamilies.Chains(2, 1).Concat(ModelFamilies.Forks(1)).Concat(ModelFamilies.Joins(1)))
        {
            foreach (var (plan, from, set) in Plans(world))
            {
                foreach (var mutant in Mutants(plan, wait => wait.Waiter.Service != wait.Awaited.Service && !IsImplied(plan, wait.Waiter, wait.Awaited)))
                {
                    Assert.True(ModelCheck.Violation(world, mutant, from, set, []) is not null, $"a wait less than\n{Given.Text(plan)}\nis\n{Given.Text(mutant)}\nand nothing is wrong");
                }
            }
        }
    }

    [Fact]
    public void A_pet_that_may_run_twice_is_found_out()
    {
        var (world, plan, from, set) = WithGap();
        var mutant = Mutants(plan, wait => wait.Waiter.Service == wait.Awaited.Service).First();
        Assert.StartsWith("the pet s1 runs twice", ModelCheck.Violation(world, mutant, from, set, []), StringComparison.Ordinal);
    }

    [Fact]
    public void A_gap_that_is_not_named_is_found_out()
    {
        var (world, plan, from, set) = WithGap();
        Assert.Null(ModelCheck.Violation(world, plan, from, set, []));
        Assert.Contains("has no provider s1", ModelCheck.Violation(world, plan with { Gaps = [] }, from, set, []), StringComparison.Ordinal);
    }

    private static (ModelWorld World, TransitionPlan Plan, ModelState From, int[] Set) WithGap() =>
        ModelFamilies.Pairs(2, 1, 1)
            .SelectMany(world => Plans(world).Select(each => (world, each.Plan, each.From, each.Set)))
            .First(each => each.Plan.Gaps.Any(gap => !gap.Consumers.IsEmpty));

    private static ModelWorld CalledByThird(ModelWorld chain) => new(
        chain.Services[1] with { Versions = [.. chain.Services[1].Versions.Select(needs => needs.Select(need => need with { Service = 1 }).ToImmutableArray())] },
        chain.Services[2],
        new ModelService { Versions = [[new ModelNeed(0, 3)]] });

    private static IEnumerable<(TransitionPlan Plan, ModelState From, int[] Set)> Plans(ModelWorld world)
    {
        var sets = world.Sets(absent: false).ToList();
        foreach (var from in sets.Select(set => ModelState.Of(world, set)))
        {
            foreach (var set in sets)
            {
                yield return (TransitionPlanner.Plan(new TransitionQuestion { Live = [.. from.Live(world)], Target = [.. world.Target(set)] }), from, set);
            }
        }
    }

    private static IEnumerable<TransitionPlan> Mutants(TransitionPlan plan, Func<(TransitionEvent Waiter, TransitionEvent Awaited), bool> taken)
    {
        for (var i = 0; i < plan.Events.Length; i++)
        {
            foreach (var wait in plan.Events[i].After.Where(wait => taken((plan.Events[i], plan.Events[wait.Event]))))
            {
                yield return plan with { Events = plan.Events.SetItem(i, plan.Events[i] with { After = plan.Events[i].After.Remove(wait), Rolls = false }) };
            }
        }
    }

    /// <summary>Whether the wait holds by way of other events.</summary>
    private static bool IsImplied(TransitionPlan plan, TransitionEvent waiter, TransitionEvent awaited)
    {
        var target = plan.Events.IndexOf(awaited);
        return waiter.After.Any(wait => wait.Event != target && Reaches(wait.Event));

        bool Reaches(int from) => from == target || plan.Events[from].After.Any(wait => Reaches(wait.Event));
    }

    private static bool Named(TransitionEvent one, string name) => Given.Name(one).StartsWith(name + " ", StringComparison.Ordinal);
}
