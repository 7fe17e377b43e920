using Tutti.Decisions.Transitions;
using static Tutti.Decisions.Tests.Transitions.Given;

namespace Tutti.Decisions.Tests.Transitions;

public sealed class TransitionPlannerTests
{
    [Fact]
    public void Side_by_side_where_web_and_cart_accept_only_their_own_time()
    {
        var plan = Plan(
            [Side("web 1.1.0", "cart >=2.0 <2.2"), Side("cart 2.0.0")],
            [Side("web 1.2.0", "cart >=2.2 <3"), Side("cart 2.2.0")]);
        Assert.Equal("""
            1: start cart 2.2.0 (cart goes to 2.2.0)
            2: start web 1.2.0 (web goes to 1.2.0)
                 after start cart 2.2.0 (web 1.2.0 accepts cart >=2.2 <3, not 2.0.0)
            3: retire web 1.1.0, rolling (web 1.1.0 is replaced by 1.2.0)
                 after start web 1.2.0 (web 1.2.0 must be healthy before web 1.1.0 goes)
            4: retire cart 2.0.0 (cart 2.0.0 is replaced by 2.2.0)
                 after start cart 2.2.0 (cart 2.2.0 must be healthy before cart 2.0.0 goes)
                 after retire web 1.1.0 (web 1.1.0 accepts cart >=2.0 <2.2, not 2.2.0)
            """.ReplaceLineEndings("\n"), Text(plan));
        Assert.Equal(3, plan.PeakExtra);
    }

    [Fact]
    public void Rolls_where_every_release_accepts_both()
    {
        var plan = Plan(
            [Side("web 1.1.0", "cart ^2"), Side("cart 2.0.0"), Side("tax 1.0.0")],
            [Side("web 1.2.0", "cart ^2"), Side("cart 2.2.0"), Side("tax 1.0.0")]);
        Assert.Equal("""
            1: start cart 2.2.0 (cart goes to 2.2.0)
            1: start web 1.2.0 (web goes to 1.2.0)
            2: retire web 1.1.0, rolling (web 1.1.0 is replaced by 1.2.0)
                 after start web 1.2.0 (web 1.2.0 must be healthy before web 1.1.0 goes)
            2: retire cart 2.0.0, rolling (cart 2.0.0 is replaced by 2.2.0)
                 after start cart 2.2.0 (cart 2.2.0 must be healthy before cart 2.0.0 goes)
            """.ReplaceLineEndings("\n"), Text(plan));
        Assert.Equal(2, plan.PeakExtra);
    }

    [Fact]
    public void Nothing_to_do_where_all_is_as_it_should_be()
    {
        Side[] sides = [Side("web 1.1.0", "cart ^2"), Side("cart 2.0.0")];
        var plan = Plan(sides, sides);
        Assert.Empty(plan.Events);
        Assert.Empty(plan.Waves);
        Assert.Equal(0, plan.PeakExtra);
    }

    [Fact]
    public void New_services_start_providers_first_and_those_that_go_go_consumers_first()
    {
        var plan = Plan(
            [Side("old 1.0.0", "olddb ^1"), Side("olddb 1.0.0")],
            [Side("web 1.0.0", "cart ^2", "tax? ^1"), Side("cart 2.0.0")]);
        Assert.Equal("""
            1: start cart 2.0.0 (cart is new)
            1: retire old 1.0.0 (old is no longer wanted)
            2: start web 1.0.0 (web is new)
                 after start cart 2.0.0 (web 1.0.0 needs cart, which is new)
            2: retire olddb 1.0.0 (olddb is no longer wanted)
                 after retire old 1.0.0 (old 1.0.0 needs olddb)
            """.ReplaceLineEndings("\n"), Text(plan));
    }

    [Fact]
    public void An_interrupted_transition_turns_to_a_third_version()
    {
        var plan = Plan(
            [Side("web 1.1.0", "cart >=2.0 <2.2"), Side("web 1.2.0", "cart >=2.2 <3").Partly(), Side("cart 2.0.0"), Side("cart 2.2.0")],
            [Side("web 1.3.0", "cart >=2.2 <4"), Side("cart 3.0.0")]);
        Assert.Equal("""
            1: start cart 3.0.0 (cart goes to 3.0.0)
            2: start web 1.3.0 (web goes to 1.3.0)
                 after start cart 3.0.0 (web 1.3.0 accepts cart >=2.2 <4, not 2.0.0)
            3: retire web 1.1.0, rolling (web 1.1.0 is replaced by 1.3.0)
                 after start web 1.3.0 (web 1.3.0 must be healthy before web 1.1.0 goes)
            3: retire web 1.2.0, rolling (web 1.2.0 is replaced by 1.3.0)
                 after start web 1.3.0 (web 1.3.0 must be healthy before web 1.2.0 goes)
            4: retire cart 2.0.0 (cart 2.0.0 is replaced by 3.0.0)
                 after start cart 3.0.0 (cart 3.0.0 must be healthy before cart 2.0.0 goes)
                 after retire web 1.1.0 (web 1.1.0 accepts cart >=2.0 <2.2, not 3.0.0)
            4: retire cart 2.2.0 (cart 2.2.0 is replaced by 3.0.0)
                 after start cart 3.0.0 (cart 3.0.0 must be healthy before cart 2.2.0 goes)
                 after retire web 1.2.0 (web 1.2.0 accepts cart >=2.2 <3, not 3.0.0)
            """.ReplaceLineEndings("\n"), Text(plan));
    }

    [Fact]
    public void An_interrupted_transition_turns_back()
    {
        var plan = Plan(
            [Side("web 1.1.0", "cart >=2.0 <2.2"), Side("web 1.2.0", "cart >=2.2 <3").Partly(), Side("cart 2.0.0").Times(1), Side("cart 2.2.0")],
            [Side("web 1.1.0", "cart >=2.0 <2.2"), Side("cart 2.0.0")]);
        Assert.Equal("""
            1: start cart 2.0.0 (cart goes to 2.0.0)
            1: retire web 1.2.0 (web 1.2.0 is replaced by 1.1.0)
            2: retire cart 2.2.0 (cart 2.2.0 is replaced by 2.0.0)
                 after start cart 2.0.0 (cart 2.0.0 must be healthy before cart 2.2.0 goes)
                 after retire web 1.2.0 (web 1.2.0 accepts cart >=2.2 <3, not 2.0.0)
            """.ReplaceLineEndings("\n"), Text(plan));
    }

    [Fact]
    public void A_target_that_does_not_accept_itself_is_refused_with_all_its_problems()
    {
        var refused = Assert.Throws<ArgumentException>(() => Plan([], [Side("web 1.2.0", "cart >=2.2 <3", "tax ^1"), Side("cart 2.0.0"), Side("cart 2.1.0")]));
        Assert.Equal("""
            the target has cart twice, 2.0.0 and 2.1.0: keep one of them
            web 1.2.0 accepts cart >=2.2 <3, but the target has cart 2.0.0: move one of them
            web 1.2.0 needs tax ^1, which the target does not have: add it, or leave web out
            """.ReplaceLineEndings("\n"), refused.Message);
    }

    [Fact]
    public void New_releases_that_wait_for_each_other_are_refused_with_the_ring()
    {
        var refused = Assert.Throws<ArgumentException>(() => Plan([], [Side("x 1.0.0", "a *"), Side("a 1.0.0", "b *"), Side("b 1.0.0", "c *"), Side("c 1.0.0", "a *")]));
        Assert.Equal(
            "a 1.0.0 -> b 1.0.0 -> c 1.0.0 -> a 1.0.0: each needs the next before it can start; let one of them accept what runs, make one of these dependencies optional, or move what both call into a third service",
            refused.Message);
    }

    [Fact]
    public void A_ring_of_dependencies_that_the_live_ones_satisfy_is_planned()
    {
        var plan = Plan([Side("a 1.0.0", "b *"), Side("b 1.0.0", "a *")], [Side("a 2.0.0", "b *"), Side("b 2.0.0", "a *")]);
        Assert.Equal(4, plan.Events.Length);
        Assert.Empty(plan.Gaps);
    }

    [Fact]
    public void What_is_still_being_started_goes_on_and_new_consumers_wait_for_it()
    {
        var plan = Plan([Side("cart 2.0.0").Partly()], [Side("web 1.0.0", "cart ^2"), Side("cart 2.0.0")]);
        Assert.Equal("""
            1: start cart 2.0.0 (cart 2.0.0 is still being started)
            2: start web 1.0.0 (web is new)
                 after start cart 2.0.0 (web 1.0.0 needs cart, which is not whole)
            """.ReplaceLineEndings("\n"), Text(plan));
    }

    [Fact]
    public void Releases_that_an_interrupted_transition_left_to_need_each_other_are_named_with_what_they_lack()
    {
        // In one set a called b, in the next b called a; both transitions were cut short, and neither accepts the third.
        var plan = Plan(
            [Side("a 1.0.0", "b <3"), Side("b 2.0.0", "a <3")],
            [Side("a 3.0.0"), Side("b 3.0.0", "a >=3")]);
        var gap = Assert.Single(plan.Gaps);
        Assert.Equal(("b", "a 1.0.0", "b 2.0.0 and these need each other, and none of them accepts what replaces the other"), (gap.Service, Assert.Single(gap.Consumers), gap.Because));
        Assert.Equal(["start a 3.0.0", "start b 3.0.0", "retire b 2.0.0", "retire a 1.0.0"], plan.Events.Select(Name));
    }

    [Theory]
    [InlineData(2, 2, 3)]
    [InlineData(1, 5, 2)]
    [InlineData(5, 1, 2)]
    public void Side_by_side_the_peak_is_the_smaller_side_and_one_for_the_consumer_that_rolls(int before, int after, int extra)
    {
        var plan = Plan(
            [Side("web 1.1.0", "cart >=2.0 <2.2"), Side("cart 2.0.0").Times(before)],
            [Side("web 1.2.0", "cart >=2.2 <3"), Side("cart 2.2.0").Times(after)]);
        Assert.Equal(extra, plan.PeakExtra);
    }
}
