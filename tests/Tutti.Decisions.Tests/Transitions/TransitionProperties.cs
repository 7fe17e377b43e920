using FsCheck.Xunit;
using Tutti.Decisions.Transitions;

namespace Tutti.Decisions.Tests.Transitions;

[Properties(Arbitrary = [typeof(TransitionCases)], MaxTest = 1000)]
public sealed class TransitionProperties
{
    [Property]
    public void Events_wait_only_for_events_of_waves_before(TransitionCase @case)
    {
        var plan = TransitionPlanner.Plan(@case.Question);
        Assert.Equal(Enumerable.Range(0, plan.Events.Length), plan.Waves.SelectMany(wave => wave));
        var wave = plan.Waves.SelectMany((events, number) => events.Select(_ => number)).ToList();
        for (var i = 0; i < plan.Events.Length; i++)
        {
            Assert.Equal(wave[i], plan.Events[i].After.Select(wait => wave[wait.Event] + 1).DefaultIfEmpty(0).Max());
            Assert.Equal(plan.Events[i].After.Select(wait => wait.Event).Distinct().Order(), plan.Events[i].After.Select(wait => wait.Event));
            Assert.All(plan.Events[i].After, wait => Assert.NotEmpty(wait.Because));
        }
    }

    [Property]
    public void Every_side_that_changes_has_its_event_and_no_other(TransitionCase @case)
    {
        var (live, target) = (@case.Question.Live, @case.Question.Target.ToDictionary(side => side.Service));
        var plan = TransitionPlanner.Plan(@case.Question);
        Assert.Equal(
            live.Where(side => !(target.TryGetValue(side.Service, out var next) && next.Version.Equals(side.Version))).Select(side => $"retire {side.Service} {side.Version}").Order(),
            plan.Events.Where(one => one.Kind == TransitionEventKind.Retire).Select(Given.Name).Order());
        var started = plan.Events.Where(one => one.Kind == TransitionEventKind.Start).Select(Given.Name).ToList();
        Assert.Equal(started.Distinct(), started);
        foreach (var side in target.Values)
        {
            var staying = live.FirstOrDefault(each => each.Service == side.Service && each.Version.Equals(side.Version));
            var refilled = staying is not null && staying.Instances < side.Instances && live.Count(each => each.Service == side.Service) > 1;
            Assert.Equal(staying is not { Whole: true } || refilled, started.Contains($"start {side.Service} {side.Version}"));
        }
    }

    [Property]
    public void The_same_plan_again_and_in_any_order_of_sides(TransitionCase @case)
    {
        var (question, random) = (@case.Question, new Random(@case.Seed));
        var text = Given.Text(TransitionPlanner.Plan(question));
        Assert.Equal(text, Given.Text(TransitionPlanner.Plan(question)));
        Assert.Equal(text, Given.Text(TransitionPlanner.Plan(new TransitionQuestion { Live = [.. Shuffled(question.Live)], Target = [.. Shuffled(question.Target)] })));

        Side[] Shuffled(IEnumerable<Side> sides)
        {
            var shuffled = sides.Select(side => side with { Needs = [.. side.Needs.Reverse()] }).ToArray();
            random.Shuffle(shuffled);
            return shuffled;
        }
    }

    [Property]
    public void Without_pets_there_is_no_gap_and_no_wait_is_dropped(TransitionCase @case)
    {
        var question = new TransitionQuestion
        {
            Live = [.. @case.Question.Live.Select(side => side with { Pet = false })],
            Target = [.. @case.Question.Target.Select(side => side with { Pet = false })],
        };
        var plan = TransitionPlanner.Plan(question);
        Assert.Empty(plan.Gaps);

        var live = question.Live.ToDictionary(side => $"{side.Service} {side.Version}");
        var target = question.Target.ToDictionary(side => side.Service);
        foreach (var retire in plan.Events.Where(one => one.Kind == TransitionEventKind.Retire))
        {
            var going = plan.Events.Where(one => one.Kind == TransitionEventKind.Retire).Select(one => live[$"{one.Service} {one.Version}"])
                .Where(consumer => consumer.Needs.Any(need => need.Service == retire.Service && need.Range.Accepts(retire.Version)
                    && !(target.TryGetValue(retire.Service, out var next) && need.Range.Accepts(next.Version))))
                .Select(consumer => $"retire {consumer.Service} {consumer.Version}");
            var own = plan.Events.Where(one => one.Kind == TransitionEventKind.Start && one.Service == retire.Service).Select(Given.Name);
            Assert.Equal(going.Concat(own).Order(), retire.After.Select(wait => Given.Name(plan.Events[wait.Event])).Order());
        }
    }

    [Property]
    public void A_pet_retires_before_it_starts_and_every_gap_is_one_of_a_pet(TransitionCase @case)
    {
        var plan = TransitionPlanner.Plan(@case.Question);
        var pets = @case.Question.Target.Where(side => side.Pet).Select(side => side.Service).ToHashSet();
        foreach (var start in plan.Events.Where(one => one.Kind == TransitionEventKind.Start && pets.Contains(one.Service)))
        {
            var own = plan.Events.Where(one => one.Kind == TransitionEventKind.Retire && one.Service == start.Service).Select(Given.Name);
            Assert.Equal(own.Order(), start.After.Select(wait => plan.Events[wait.Event]).Where(one => one.Service == start.Service).Select(Given.Name).Order());
        }

        Assert.All(plan.Gaps, gap => Assert.Contains(gap.Service, pets));
    }

    [Property]
    public void Nobody_but_the_consumers_of_a_pet_is_named_in_its_gap(TransitionCase @case)
    {
        var plan = TransitionPlanner.Plan(@case.Question);
        var sides = @case.Question.Live.Concat(@case.Question.Target).ToLookup(side => $"{side.Service} {side.Version}");
        foreach (var gap in plan.Gaps)
        {
            Assert.All(gap.Consumers, name => Assert.Contains(sides[name].First().Needs, need => need.Service == gap.Service && !need.Optional));
            Assert.Equal(gap.Consumers.Distinct(), gap.Consumers);
        }
    }

    [Fact]
    public void A_long_chain_and_a_ring_of_many_pets_are_planned_at_once()
    {
        const int services = 20_000;
        var live = Enumerable.Range(0, services).Select(i => Link(i, "1.0.0")).ToArray();
        var target = Enumerable.Range(0, services).Select(i => Link(i, "2.0.0")).ToArray();
        Assert.Equal(2 * services, Given.Plan(live, target).Events.Length);
        var few = Given.Plan([.. live.Take(500).Select(Pet)], [.. target.Take(500).Select(Pet)]);
        Assert.Equal(1000, few.Events.Length);

        Side Link(int i, string version) => i == 0 ? Given.Side($"s{i} {version}") : Given.Side($"s{i} {version}", $"s{i - 1} {version}");

        Side Pet(Side side, int i) => side with { Pet = i % 3 == 0, Instances = 1 };
    }
}
