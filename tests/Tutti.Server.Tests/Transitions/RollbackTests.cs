using System.Collections.Immutable;
using Tutti.Control.Commands;
using Tutti.Model.Manifest;
using Tutti.Control.State;
using Tutti.Server.Api;
using Tutti.Server.Tests.Fakes;

namespace Tutti.Server.Tests.Transitions;

public sealed class RollbackTests
{
    private const string Path = "api/architectures/shop/rollback";

    [Fact]
    public async Task The_plan_of_one_service_names_who_must_follow_and_why()
    {
        await using var server = await TestServer.StartAsync(Story.Documents());
        var plan = await PlanAsync(server, new RollbackRequest { Service = "web" });
        Assert.Equal(("shop", 2, "web to 1.1.0", true), (plan.Architecture, plan.FromSet, plan.Goal, plan.Solved));
        Assert.Equal(
            [
                "web 1.2.0 → 1.1.0: you asked for web 1.1.0",
                "cart 2.2.0 → 2.0.0: web 1.1.0 accepts cart >=2.0 <2.2, not 2.2.0",
            ],
            plan.Moves.Select(Words));
        Assert.Equal(["start cart 2.0.0", "start web 1.1.0", "retire web 1.2.0", "retire cart 2.2.0"], plan.Transition!.Waves.SelectMany(wave => wave));
        Assert.Empty(server.Control.Submitted);
    }

    [Fact]
    public async Task The_plan_of_a_set_has_every_version_that_differs()
    {
        await using var server = await TestServer.StartAsync(Story.Documents());
        foreach (var request in (RollbackRequest[])[new(), new() { Set = 1 }])
        {
            var plan = await PlanAsync(server, request);
            Assert.Equal((2, "set 1", true), (plan.FromSet, plan.Goal, plan.Solved));
            Assert.Equal(["cart 2.2.0 → 2.0.0: set 1 has it so", "web 1.2.0 → 1.1.0: set 1 has it so"], plan.Moves.Select(Words));
            Assert.Equal(4, plan.Transition!.Events.Length);
        }

        Assert.Empty((await PlanAsync(server, new RollbackRequest { Set = 2 })).Moves);
    }

    [Fact]
    public async Task One_service_goes_back_with_its_followers_and_keeps_the_number_of_its_instances()
    {
        await using var server = await TestServer.StartAsync(Story.Documents());
        var scaled = Story.Now.Services.SetItem("web", Story.Now.Services["web"] with { Instances = new InstancesSpec { Min = 5, Max = 5 } });
        server.Control.Put(Shop.Set(2, Story.Now with { Services = scaled }) with { Parent = 1 });
        server.Control.Answer = _ => new CommandResult { Revision = 0, Set = 3, Changed = true };
        var change = await (await server.PostAsync(Path + "?author=ann", new RollbackRequest { Service = "web", FromSet = 2, AllowGap = true })).ReadAsync<ChangeDocument>();
        Assert.Equal(("shop", 3, true), (change.Architecture, change.Set, change.Changed));
        var command = Assert.IsType<MoveArchitecture>(Assert.Single(server.Control.Submitted));
        Assert.Equal((2, 1, "ann", "rollback web to 1.1.0", true), (command.FromSet, command.RollbackOf, command.Author, command.Message, command.AllowGap));
        Assert.Equal("cart 2.0.0, db 15.0.0, tax , web 1.1.0", string.Join(", ", command.Spec.Services.Select(entry => $"{entry.Key} {entry.Value.Version}")));
        Assert.Equal(5, command.Spec.Services["web"].Instances.Min);
        Assert.Equal(">=2.0 <2.2", $"{command.Spec.Services["web"].DependsOn["cart"].Accepts}");
    }

    [Fact]
    public async Task The_whole_goes_back_by_its_own_command()
    {
        await using var server = await TestServer.StartAsync(Story.Documents());
        await (await server.PostAsync(Path)).ReadAsync<ChangeDocument>();
        await (await server.PostAsync(Path + "?author=ann", new RollbackRequest { Set = 1, Force = true, AllowGap = true })).ReadAsync<ChangeDocument>();
        Assert.Equal<Command>([new RollbackArchitecture("shop", 1, false, "api"), new RollbackArchitecture("shop", 1, true, "ann", true)], server.Control.Submitted);
    }

    [Fact]
    public async Task A_plan_that_is_out_of_date_is_not_run()
    {
        await using var server = await TestServer.StartAsync(Story.Documents());
        var problem = await server.PostAsync(Path, new RollbackRequest { Service = "web", FromSet = 1 }).ProblemAsync(409, "conflict");
        Assert.Equal("shop moved on from set 1 to set 2 since the plan was made: look at a new plan", problem.Detail);
        Assert.Empty(server.Control.Submitted);
    }

    [Fact]
    public async Task Where_nothing_fits_the_facts_and_the_nearest_wishes_are_named()
    {
        await using var server = await TestServer.StartAsync(Story.Documents());
        var request = new RollbackRequest { Service = "web", Hold = ["cart"] };
        var plan = await PlanAsync(server, request);
        Assert.False(plan.Solved);
        Assert.Null(plan.Transition);
        Assert.Contains(plan.Explanation, fact => fact.Contains("web 1.1.0", StringComparison.Ordinal) && fact.Contains(">=2.0 <2.2", StringComparison.Ordinal));
        Assert.Contains(plan.Nearest, nearest => nearest.Contains("cart", StringComparison.Ordinal));

        var problem = await server.PostAsync(Path, request).ProblemAsync(409, "no-solution");
        Assert.StartsWith($"web to 1.1.0 cannot be: {string.Join("; ", plan.Explanation)}. What can be had: {plan.Nearest[0]}", problem.Detail, StringComparison.Ordinal);
        Assert.Empty(server.Control.Submitted);
    }

    [Theory]
    [InlineData(null, "1.1.0", null, null, 422, "invalid", "to, pin and hold go with one service: name it, or go back to a set as a whole")]
    [InlineData(null, null, null, "cart=^2", 422, "invalid", "to, pin and hold go with one service: name it, or go back to a set as a whole")]
    [InlineData("web", "1.1.0", 1, null, 422, "invalid", "to and set exclude each other: a set says which version already")]
    [InlineData("web", "older", null, null, 422, "invalid", "'older' is not a version or a range such as 1.1.0 or ^1")]
    [InlineData("web", null, null, "cart=two", 422, "invalid", "pin of cart: 'two' is not a version range such as ^2")]
    [InlineData("tax", null, null, null, 422, "invalid", "tax is external: Tutti does not run it, so it has no release to go back to")]
    [InlineData("wep", null, null, null, 404, "not-found", "there is no service 'wep'")]
    [InlineData("web", null, null, "crat=^2", 404, "not-found", "there is no service 'crat'")]
    [InlineData("db", null, null, null, 409, "conflict", "db 15.0.0 is the first release of it that was applied: there is none to go back to")]
    [InlineData("web", null, 7, null, 404, "not-found", "there is no version set 7 in shop; sets go from 1 to 2")]
    [InlineData(null, null, 7, null, 404, "not-found", "there is no version set 7 in shop; sets go from 1 to 2")]
    public async Task What_cannot_be_meant_is_said_by_plan_and_run_alike(string? service, string? to, int? set, string? pin, int status, string type, string detail)
    {
        await using var server = await TestServer.StartAsync(Story.Documents());
        var pins = ImmutableSortedDictionary<string, string>.Empty;
        var request = new RollbackRequest { Service = service, To = to, Set = set, Pin = pin?.Split('=') is [var name, var range] ? pins.Add(name, range) : pins };
        foreach (var path in (string[])[Path, Path + "/plan"])
        {
            Assert.StartsWith(detail, (await server.PostAsync(path, request).ProblemAsync(status, type)).Detail, StringComparison.Ordinal);
        }

        Assert.Empty(server.Control.Submitted);
    }

    [Fact]
    public async Task What_the_newest_set_calls_irreversible_is_so_and_the_way_out_is_named()
    {
        // Recorded as reversible; the set that runs says otherwise.
        var now = Story.Now with { Services = Story.Now.Services.SetItem("cart", Story.Now.Services["cart"] with { Reversible = false }) };
        await using var server = await TestServer.StartAsync(
            [.. Story.Documents().Where(document => document is not VersionSet { Number: 2 }), Shop.Set(2, now) with { Parent = 1, ContentHash = "sha256:2" }]);
        var plan = await PlanAsync(server, new RollbackRequest { Service = "web" });
        Assert.False(plan.Solved);
        Assert.Contains(plan.Explanation, line => line.Contains("not reversible", StringComparison.Ordinal));
        Assert.Equal("web to 1.1.0 with --force, past what is marked 'reversible: false'", plan.Nearest[0]);
        Assert.DoesNotContain("web 1.2.0", plan.Nearest);
        Assert.True((await PlanAsync(server, new RollbackRequest { Service = "web", Force = true })).Solved);
    }

    [Fact]
    public async Task Without_a_set_before_there_is_nothing_to_go_back_to()
    {
        await using var server = await TestServer.StartAsync(Shop.Running());
        Assert.Equal("shop has no set before set 1: there is nothing to go back to", (await server.PostAsync(Path).ProblemAsync(409, "conflict")).Detail);
        Assert.Equal("there is no architecture 'shoop'; did you mean 'shop'?", (await server.PostAsync("api/architectures/shoop/rollback").ProblemAsync(404, "not-found")).Detail);
        server.Control.Put(Shop.Architecture() with { Destroyed = true });
        Assert.Equal("shop is destroyed: apply its manifest to bring it back", (await server.PostAsync(Path).ProblemAsync(409, "conflict")).Detail);
    }

    private static string Words(VersionMoveDocument move) => $"{move.Service} {move.From} → {move.To}: {move.Because}";

    private static async Task<RollbackPlanDocument> PlanAsync(TestServer server, RollbackRequest request) =>
        await (await server.PostAsync(Path + "/plan", request)).ReadAsync<RollbackPlanDocument>();
}
