using static Tutti.Decisions.Tests.Transitions.Given;

namespace Tutti.Decisions.Tests.Transitions;

public sealed class PetTests
{
    [Fact]
    public void A_lone_pet_stops_before_it_starts_and_the_gap_names_who_lacks_it()
    {
        var plan = Plan(
            [Pet("db 15.1.0"), Side("web 1.1.0", "db >=15", "tax *"), Side("tax 1.0.0")],
            [Pet("db 16.0.0"), Side("web 1.2.0", "db >=15", "tax *"), Side("tax 1.0.0")]);
        Assert.Equal("""
            1: retire db 15.1.0 (db 15.1.0 is replaced by 16.0.0)
            2: start db 16.0.0 (db goes to 16.0.0)
                 after retire db 15.1.0 (a pet never runs twice)
            3: start web 1.2.0 (web goes to 1.2.0)
                 after start db 16.0.0 (web 1.2.0 needs db, which is down for a moment)
            4: retire web 1.1.0, rolling (web 1.1.0 is replaced by 1.2.0)
                 after start web 1.2.0 (web 1.2.0 must be healthy before web 1.1.0 goes)
            gap: db 15.1.0 to 16.0.0 for web 1.1.0 (db is a pet with one instance: 15.1.0 has to stop before 16.0.0 starts)
            """.ReplaceLineEndings("\n"), Text(plan));
        Assert.Equal(1, plan.PeakExtra);
    }

    [Fact]
    public void A_lone_pet_that_nobody_calls_has_a_gap_all_the_same()
    {
        var plan = Plan([Pet("db 15.1.0"), Side("web 1.1.0", "db? *")], [Pet("db 16.0.0"), Side("web 1.1.0", "db? *")]);
        Assert.Empty(Assert.Single(plan.Gaps).Consumers);
    }

    [Fact]
    public void Several_pets_that_all_consumers_accept_are_exchanged_one_by_one_without_a_gap()
    {
        var plan = Plan([Pet("db 15.1.0").Times(3), Side("web 1.1.0", "db *")], [Pet("db 16.0.0").Times(3), Side("web 1.2.0", "db >=16")]);
        Assert.Equal("""
            1: retire db 15.1.0, rolling (db 15.1.0 is replaced by 16.0.0)
            2: start db 16.0.0 (db goes to 16.0.0)
                 after retire db 15.1.0 (a pet never runs twice)
            3: start web 1.2.0 (web goes to 1.2.0)
                 after start db 16.0.0 (web 1.2.0 accepts db >=16, not 15.1.0)
            4: retire web 1.1.0, rolling (web 1.1.0 is replaced by 1.2.0)
                 after start web 1.2.0 (web 1.2.0 must be healthy before web 1.1.0 goes)
            """.ReplaceLineEndings("\n"), Text(plan));
    }

    [Fact]
    public void Consumers_that_gain_or_lose_the_pet_are_spared_its_gap()
    {
        var plan = Plan(
            [Pet("db 15.1.0"), Side("loses 1.0.0", "db *"), Side("gains 1.0.0"), Side("goes 1.0.0", "db *")],
            [Pet("db 16.0.0"), Side("loses 2.0.0"), Side("gains 2.0.0", "db *")]);
        Assert.Equal("""
            1: start loses 2.0.0 (loses goes to 2.0.0)
            1: retire goes 1.0.0 (goes is no longer wanted)
            2: retire loses 1.0.0, rolling (loses 1.0.0 is replaced by 2.0.0)
                 after start loses 2.0.0 (loses 2.0.0 must be healthy before loses 1.0.0 goes)
            3: retire db 15.1.0 (db 15.1.0 is replaced by 16.0.0)
                 after retire goes 1.0.0 (goes 1.0.0 needs db)
                 after retire loses 1.0.0 (loses 1.0.0 needs db, 2.0.0 does not)
            4: start db 16.0.0 (db goes to 16.0.0)
                 after retire db 15.1.0 (a pet never runs twice)
            5: start gains 2.0.0 (gains goes to 2.0.0)
                 after start db 16.0.0 (gains 2.0.0 needs db, which is down for a moment)
            6: retire gains 1.0.0, rolling (gains 1.0.0 is replaced by 2.0.0)
                 after start gains 2.0.0 (gains 2.0.0 must be healthy before gains 1.0.0 goes)
            gap: db 15.1.0 to 16.0.0 for nobody (db is a pet with one instance: 15.1.0 has to stop before 16.0.0 starts)
            """.ReplaceLineEndings("\n"), Text(plan));
    }

    [Fact]
    public void Where_old_and_new_accept_only_their_own_the_old_consumer_waits_without_and_everything_else_is_ready_before()
    {
        var plan = Plan(
            [Pet("db 15.1.0"), Side("web 1.1.0", "db <16", "cart <3"), Side("cart 2.0.0")],
            [Pet("db 16.0.0"), Side("web 1.2.0", "db >=16", "cart >=3"), Side("cart 3.0.0")]);
        Assert.Equal("""
            1: start cart 3.0.0 (cart goes to 3.0.0)
            2: retire db 15.1.0 (db 15.1.0 is replaced by 16.0.0)
                 after start cart 3.0.0 (web 1.1.0 is without db no longer than it must be)
            3: start db 16.0.0 (db goes to 16.0.0)
                 after retire db 15.1.0 (a pet never runs twice)
            4: start web 1.2.0 (web goes to 1.2.0)
                 after start cart 3.0.0 (web 1.2.0 accepts cart >=3, not 2.0.0)
                 after start db 16.0.0 (web 1.2.0 accepts db >=16, not 15.1.0)
            5: retire web 1.1.0, rolling (web 1.1.0 is replaced by 1.2.0)
                 after start web 1.2.0 (web 1.2.0 must be healthy before web 1.1.0 goes)
            6: retire cart 2.0.0 (cart 2.0.0 is replaced by 3.0.0)
                 after start cart 3.0.0 (cart 3.0.0 must be healthy before cart 2.0.0 goes)
                 after retire web 1.1.0 (web 1.1.0 accepts cart <3, not 3.0.0)
            gap: db 15.1.0 to 16.0.0 for web 1.1.0 (db is a pet with one instance: 15.1.0 has to stop before 16.0.0 starts; web 1.1.0 accepts db <16, not 16.0.0, and what replaces it cannot start before)
            """.ReplaceLineEndings("\n"), Text(plan));
    }

    [Fact]
    public void A_pet_that_calls_a_pet_goes_first_and_comes_last()
    {
        var plan = Plan([Pet("db 15.1.0"), Pet("queue 1.0.0", "db <16")], [Pet("db 16.0.0"), Pet("queue 2.0.0", "db >=16")]);
        Assert.Equal(
            ["retire queue 1.0.0", "retire db 15.1.0", "start db 16.0.0", "start queue 2.0.0"],
            plan.Events.Select(Name));
        Assert.All(plan.Gaps, gap => Assert.Empty(gap.Consumers));
        Assert.Equal(["db", "queue"], plan.Gaps.Select(gap => gap.Service));
    }

    [Fact]
    public void A_pet_goes_only_when_what_its_successor_waits_for_is_there()
    {
        var plan = Plan([Pet("db 15.1.0"), Side("disk 1.0.0")], [Pet("db 16.0.0", "disk >=2"), Side("disk 2.0.0")]);
        Assert.Equal(["start disk 2.0.0", "retire db 15.1.0", "retire disk 1.0.0", "start db 16.0.0"], plan.Events.Select(Name));
    }

    [Fact]
    public void An_optional_need_never_makes_a_gap()
    {
        var plan = Plan([Pet("db 15.1.0").Times(2), Side("web 1.1.0", "db? <16")], [Pet("db 16.0.0").Times(2), Side("web 1.2.0", "db? >=16")]);
        Assert.Empty(plan.Gaps);
    }

    [Fact]
    public void Two_pets_in_each_others_way_leave_one_consumer_without_not_both()
    {
        var plan = Plan(
            [Pet("a 1.0.0"), Pet("b 1.0.0"), Side("x 1.0.0", "a <2"), Side("y 1.0.0", "b <2")],
            [Pet("a 2.0.0"), Pet("b 2.0.0"), Side("x 2.0.0", "b >=2"), Side("y 2.0.0", "a >=2")]);
        Assert.Equal("""
            gap: a 1.0.0 to 2.0.0 for nobody (a is a pet with one instance: 1.0.0 has to stop before 2.0.0 starts)
            gap: b 1.0.0 to 2.0.0 for y 1.0.0 (b is a pet with one instance: 1.0.0 has to stop before 2.0.0 starts; y 1.0.0 accepts b <2, not 2.0.0, and what replaces it cannot start before)
            """.ReplaceLineEndings("\n"), Text(plan)[Text(plan).IndexOf("gap:", StringComparison.Ordinal)..]);
    }

    [Fact]
    public void Several_pets_that_call_several_pets_which_accept_only_their_own_all_stop_and_nobody_outside_is_named_for_it()
    {
        var plan = Plan(
            [Pet("db 15.1.0").Times(2), Pet("queue 1.0.0", "db <16").Times(2), Side("web 1.0.0", "queue *")],
            [Pet("db 16.0.0").Times(2), Pet("queue 2.0.0", "db >=16").Times(2), Side("web 1.0.0", "queue *")]);
        Assert.Equal(
            ["retire queue 1.0.0", "retire db 15.1.0", "start db 16.0.0", "start queue 2.0.0"],
            plan.Events.Select(one => one.Rolls && one.Service == "queue" ? "rolling" : Name(one)));
        var gap = Assert.Single(plan.Gaps);
        Assert.Equal(("queue", "web 1.0.0"), (gap.Service, Assert.Single(gap.Consumers)));
        Assert.Equal("queue is a pet, and what its new release needs comes only when the old one is gone: 1.0.0 has to stop before 2.0.0 starts", gap.Because);
    }

    [Fact]
    public void Cattle_that_become_a_pet_stay_until_the_pet_has_taken_over()
    {
        var plan = Plan([Side("db 15.1.0")], [Pet("db 16.0.0")]);
        Assert.Equal(["start db 16.0.0", "retire db 15.1.0"], plan.Events.Select(Name));
        Assert.Empty(plan.Gaps);
    }
}
