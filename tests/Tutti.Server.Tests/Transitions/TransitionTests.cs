using System.Text.Json.Nodes;
using Tutti.Control.State;
using Tutti.Control.Transitions;
using Tutti.Decisions.Transitions;
using Tutti.Model.Lifecycle;
using Tutti.Server.Api;
using Tutti.Server.Tests.Fakes;

namespace Tutti.Server.Tests.Transitions;

public sealed class TransitionTests
{
    [Fact]
    public async Task What_is_under_way_shows_how_far_each_event_is_and_who_serves()
    {
        await using var server = await TestServer.StartAsync([.. Midway(), Transition(TransitionState.Running)]);
        var now = await server.GetAsync<TransitionDocument>("api/architectures/shop/transitions/current");
        Assert.Equal((2, 1, TransitionState.Running, "ann"), (now.ToSet, now.FromSet, now.State, now.Author));
        Assert.Equal(
            [
                "start cart 2.2.0 Done 2/2",
                "start web 1.2.0 Running 1/2",
                "retire web 1.1.0 Running 2/2",
                "retire cart 2.0.0 Waiting 2/2",
            ],
            now.Events.Select(e => $"{e.Id} {e.State} {e.Healthy}/{e.Instances}"));

        // Behind web the shares follow web's: each release of it calls the cart that it accepts, whatever their numbers.
        Assert.Equal(["cart 2.0.0 2 66.7", "cart 2.2.0 2 33.3", "web 1.1.0 2 66.7", "web 1.2.0 1 33.3"], now.Traffic.Select(Words));
        Assert.Equal(now.Events.Select(e => e.Id), (await server.GetAsync<TransitionDocument>("api/architectures/shop/transitions/2")).Events.Select(e => e.Id));
    }

    [Fact]
    public async Task A_canary_has_the_share_of_its_step()
    {
        await using var server = await TestServer.StartAsync([.. Midway(), Transition(TransitionState.Running)]);
        var web = Story.Now.Services["web"] with { Update = new() { Strategy = Tutti.Model.Manifest.UpdateStrategy.Canary, Steps = [10, 50, 100] } };
        server.Control.Put(
            Shop.Set(2, Story.Now with { Services = Story.Now.Services.SetItem("web", web) }),
            Story.Runs("web", "1.1.0") with { Operation = "op-1" },
            new Operation
            {
                Id = "op-1",
                Architecture = "shop",
                Service = "web",
                Kind = OperationKind.Update,
                State = OperationState.Running,
                ToSet = 2,
                Summary = "1.1.0 → 1.2.0",
                Author = "ann",
                Started = Shop.Noon,
                StepSince = Shop.Noon,
                ProgressAt = Shop.Noon,
            });
        var now = await server.GetAsync<TransitionDocument>("api/architectures/shop/transitions/2");
        Assert.Equal(["web 1.1.0 2 90", "web 1.2.0 1 10"], now.Traffic.Where(share => share.Service == "web").Select(Words));
    }

    [Theory]
    [InlineData(TransitionState.Failed, "Done Running Running Waiting", 4)]
    [InlineData(TransitionState.Succeeded, "Done Done Done Done", 0)]
    [InlineData(TransitionState.RolledBack, "   ", 0)]
    [InlineData(TransitionState.Superseded, "   ", 0)]
    public async Task Once_ended_it_says_how_and_what_came_of_the_events(TransitionState state, string events, int shares)
    {
        await using var server = await TestServer.StartAsync([.. Midway(), Transition(state) with { Reason = "because", Ended = Shop.Noon }]);
        var now = await server.GetAsync<TransitionDocument>("api/architectures/shop/transitions/2");
        Assert.Equal((state, "because", Shop.Noon), (now.State, now.Reason, now.Ended));
        Assert.Equal(events, string.Join(' ', now.Events.Select(e => $"{e.State}")));
        Assert.Equal(shares, now.Traffic.Length);
    }

    [Fact]
    public async Task Those_that_are_kept_are_listed_and_named_where_one_is_missing()
    {
        await using var server = await TestServer.StartAsync([.. Midway(), Transition(TransitionState.Succeeded) with { ToSet = 1 }, Transition(TransitionState.Running)]);
        Assert.Equal([1, 2], (await server.GetAsync<TransitionDocument[]>("api/architectures/shop/transitions")).Select(each => each.ToSet));
        var problem = await server.Http.GetAsync("api/architectures/shop/transitions/7").ProblemAsync(404, "not-found");
        Assert.Equal("no transition of shop to set 7 is kept; there are those to 1, 2", problem.Detail);
        await server.Http.GetAsync("api/architectures/shp/transitions").ProblemAsync(404, "not-found");
        await server.Http.GetAsync("api/architectures/shp/transitions/current").ProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task Events_and_states_are_spelled_as_documented()
    {
        await using var server = await TestServer.StartAsync([.. Midway(), Transition(TransitionState.Running)]);
        var first = JsonNode.Parse(await server.Http.GetStringAsync("api/architectures/shop/transitions/2"))!["events"]![1]!;
        Assert.Equal(("start", "running"), ((string)first["event"]!, (string)first["state"]!));
    }

    /// <summary>cart 2.2 is there in full beside 2.0, web is being exchanged.</summary>
    private static object[] Midway() =>
    [
        Shop.Architecture(2), Shop.Set(1, Story.Before), Shop.Set(2, Story.Now) with { Parent = 1 }, Shop.Node(),
        Story.Runs("cart", "2.0.0", "2.2.0"), Story.Runs("db", "15.0.0"), Story.Runs("web", "1.1.0"),
        Story.Instance("cart", "2.0.0", 1), Story.Instance("cart", "2.0.0", 2), Story.Instance("cart", "2.2.0", 1), Story.Instance("cart", "2.2.0", 2),
        Story.Instance("web", "1.1.0", 1), Story.Instance("web", "1.1.0", 2), Story.Instance("web", "1.2.0", 1),
        Story.Instance("web", "1.2.0", 2) with { Phase = InstancePhase.Ready },
    ];

    private static Transition Transition(TransitionState state)
    {
        var plan = TransitionPlanner.Plan(new TransitionQuestion { Live = Sides(Story.Before, whole: true), Target = Sides(Story.Now, whole: false) });
        return new Transition
        {
            Architecture = "shop",
            ToSet = 2,
            FromSet = 1,
            Author = "ann",
            Started = Shop.Noon,
            State = state,
            Events = plan.Events,
            Waves = plan.Waves,
            PeakExtra = plan.PeakExtra,
        };
    }

    private static System.Collections.Immutable.ImmutableArray<Side> Sides(Tutti.Model.Manifest.ArchitectureSpec spec, bool whole) =>
    [
        .. from entry in spec.Services
           where entry.Value.Version is not null
           select new Side
           {
               Service = entry.Key,
               Version = entry.Value.Version!,
               Needs = [.. entry.Value.DependsOn.Select(need => new Tutti.Decisions.Versions.Solving.Need(need.Key, need.Value.Accepts))],
               Pet = entry.Key == "db",
               Instances = entry.Value.Instances.Min,
               Min = entry.Value.Instances.Min,
               Whole = whole,
           },
    ];

    private static string Words(TrafficShareDocument share) => FormattableString.Invariant($"{share.Service} {share.Version} {share.Healthy} {share.Share}");
}
