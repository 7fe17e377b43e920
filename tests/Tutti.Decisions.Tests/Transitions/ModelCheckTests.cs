using Tutti.Decisions.Transitions;

namespace Tutti.Decisions.Tests.Transitions;

/// <summary>Every plan for every small architecture is carried out in every order, interrupted in every state, and carried on to every other set.</summary>
public sealed class ModelCheckTests
{
    [Fact]
    public void Pairs_of_three_versions() => Check(ModelFamilies.Pairs(3, 1), onlyFirst: true);

    [Fact]
    public void Pairs_of_two_instances() => Check(ModelFamilies.Pairs(2, 2), interruptions: int.MaxValue);

    [Fact]
    public void Pairs_that_come_and_go_and_may_do_without() => Check(ModelFamilies.LoosePairs(1), absent: true, interruptions: int.MaxValue);

    [Fact]
    public void Chains() => Check(ModelFamilies.Chains(2, 1), absent: true);

    [Fact]
    public void Chains_interrupted_again_and_again() => Check(ModelFamilies.Chains(2, 1), interruptions: int.MaxValue);

    // Every fortieth of 1,296 relations: all of them take minutes, and found nothing more.
    [Fact]
    public void Chains_of_three_versions() => Check(ModelFamilies.Chains(3, 1).Where((_, index) => index % 40 == 7), onlyFirst: true);

    [Fact]
    public void Forks() => Check(ModelFamilies.Forks(1));

    [Fact]
    public void Joins() => Check(ModelFamilies.Joins(1));

    [Fact]
    public void Diamonds() => Check(ModelFamilies.Diamonds(), onlyFirst: true);

    [Theory]
    [InlineData(1, new[] { 1 })]
    [InlineData(1, new[] { 0 })]
    [InlineData(1, new[] { 0, 1 })]
    [InlineData(2, new[] { 1 })]
    [InlineData(2, new[] { 0, 1 })]
    public void Pairs_with_pets(int instances, int[] pets) => Check(ModelFamilies.Pairs(2, instances, pets), interruptions: int.MaxValue);

    [Theory]
    [InlineData(new[] { 1 })]
    [InlineData(new[] { 0, 1 })]
    public void Pairs_with_pets_that_come_and_go(int[] pets) => Check(ModelFamilies.LoosePairs(1, pets), absent: true);

    [Theory]
    [InlineData(new[] { 1 })]
    [InlineData(new[] { 2 })]
    [InlineData(new[] { 1, 2 })]
    [InlineData(new[] { 0, 2 })]
    public void Chains_forks_and_joins_with_pets(int[] pets)
    {
        Check(ModelFamilies.Chains(2, 1, pets));
        Check(ModelFamilies.Forks(1, pets));
        Check(ModelFamilies.Joins(1, pets));
    }

    private static void Check(IEnumerable<ModelWorld> worlds, bool absent = false, bool onlyFirst = false, int interruptions = 1)
    {
        long states = 0, plans = 0;
        foreach (var world in worlds)
        {
            var sets = world.Sets(absent).ToList();
            var planned = new HashSet<ModelState>((onlyFirst ? sets.Take(1) : sets).Select(set => ModelState.Of(world, set)));
            var open = planned.ToList();

            // From every state in which a transition may be interrupted on to every set, which may be interrupted again.
            for (var round = 0; round <= interruptions && open.Count > 0; round++)
            {
                var mixed = new HashSet<ModelState>();
                foreach (var from in open)
                {
                    foreach (var set in sets)
                    {
                        states += Run(world, from, set, mixed);
                        plans++;
                    }
                }

                open = [.. mixed.Select(state => state.Forget(world.Sides.Length)).Where(planned.Add)];
            }
        }

        Assert.True(states > plans, $"{states} states in {plans} plans");
        TestContext.Current.SendDiagnosticMessage($"{states:N0} states of {plans:N0} plans");
    }

    private static int Run(ModelWorld world, ModelState from, int[] set, HashSet<ModelState> mixed)
    {
        var plan = TransitionPlanner.Plan(new TransitionQuestion { Live = [.. from.Live(world)], Target = [.. world.Target(set)] });
        var visited = new HashSet<ModelState>();
        if (ModelCheck.Violation(world, plan, from, set, visited) is { } violation)
        {
            Assert.Fail(violation);
        }

        mixed.UnionWith(visited);
        return visited.Count;
    }
}
