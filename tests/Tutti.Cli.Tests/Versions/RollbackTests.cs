using System.Collections.Immutable;
using System.Text.Json;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Tests.Fakes;
using Tutti.Control.State;
using Tutti.Model;
using Tutti.Model.Versions;
using Tutti.Server.Api;

namespace Tutti.Cli.Tests.Versions;

public sealed class RollbackTests
{
    private const string PlanCall = "POST /api/architectures/shop/rollback/plan";
    private const string RunCall = "POST /api/architectures/shop/rollback";

    private static readonly RollbackPlanDocument _plan = new()
    {
        Architecture = "shop",
        FromSet = 2,
        Goal = "web to 1.1.0",
        Solved = true,
        Moves = [Move("cart", "2.2.0", "2.0.0", "web 1.1.0 accepts cart >=2.0 <2.2, not 2.2.0"), Move("web", "1.2.0", "1.1.0", "you asked for web 1.1.0")],
        Changes =
        [
            new() { Service = "cart", Action = "update", Fields = [new("version", "2.2.0", "2.0.0")] },
            new() { Service = "routes", Action = "settings", Fields = [new("shop.localhost/", "web", null)] },
            new() { Service = "web", Action = "update", Fields = [new("version", "1.2.0", "1.1.0")] },
        ],
        Transition = ShopTransition.WithGap,
    };

    [Fact]
    public async Task A_dry_run_prints_who_moves_and_why_then_the_way_and_changes_nothing()
    {
        await using var server = await StartAsync(_plan);
        var outcome = await CliRun.AgainstAsync(server, "rollback", "web", "--dry-run");
        Assert.Equal((ExitCode.Done, ""), (outcome.Code, outcome.Error));
        Assert.Equal(
            """
            shop: web to 1.1.0, from version set 2
              cart  2.2.0 → 2.0.0  because web 1.1.0 accepts cart >=2.0 <2.2, not 2.2.0
              web   1.2.0 → 1.1.0  because you asked for web 1.1.0
            ~ routes (settings)
                shop.localhost/: web → (none)
            transition: 2 events in 2 waves, never more instances than before or after
              wave 1: retire ledger 1.1.0
              wave 2: start ledger 1.2.0
                  after retire ledger 1.1.0: a pet never runs twice
              gap: ledger is down while it goes from 1.1.0 to 1.2.0, and orders 1.1.0 lacks it (it is a pet)

            """,
            outcome.Out);
        Assert.Equal(["GET /api/architectures", PlanCall], server.Calls);
    }

    [Theory]
    [InlineData("rollback", """{"pin":{},"hold":[],"force":false,"allowGap":false}""")]
    [InlineData("rollback --set 3 --force", """{"set":3,"pin":{},"hold":[],"force":true,"allowGap":false}""")]
    [InlineData("rollback web --to ^1.1 --pin cart==2.0.0 --pin tax=^1 --hold orders --hold ledger --allow-gap",
        """{"service":"web","to":"^1.1","pin":{"cart":"=2.0.0","tax":"^1"},"hold":["orders","ledger"],"force":false,"allowGap":true}""")]
    public async Task The_wish_is_passed_on(string line, string body)
    {
        await using var server = await StartAsync(_plan);
        await CliRun.AgainstAsync(server, [.. line.Split(' '), "--dry-run"]);
        Assert.Equal(body, server.Requests[^1].Body);
    }

    [Fact]
    public async Task Once_confirmed_it_is_run_from_the_set_that_the_plan_was_made_from_and_watched()
    {
        await using var server = await StartAsync(_plan);
        server.On(RunCall, Documents.Change(set: 3));
        server.On("GET /api/architectures/shop/services", new[] { Documents.Service(set: 3) });
        var looks = 0;
        server.On("GET /api/architectures/shop/transitions/3", _ => (200, JsonSerializer.Serialize(
            Interlocked.Increment(ref looks) switch
            {
                1 => ShopTransition.At("rwww", (0, 2)),
                2 => ShopTransition.At("drww", (2, 2)).Sharing("cart 2.0.0 50", "cart 2.2.0 50"),
                _ => ShopTransition.At("dddd") with { State = TransitionState.Succeeded },
            },
            TuttiJson.Options)));
        using var run = new CliRun { CanAsk = true, Typed = "y\n" };
        Assert.Equal(ExitCode.Done, await run.RunAsync("rollback", "web", "--server", server.Url));
        Assert.Equal("Roll back web to 1.1.0? [y/N] ", run.Error);
        var ran = server.Requests.Single(request => request.Call.StartsWith(RunCall + "?", StringComparison.Ordinal));
        Assert.Equal((RunCall + "?author=ada", """{"service":"web","pin":{},"hold":[],"force":false,"allowGap":false,"fromSet":2}"""), (ran.Call, ran.Body));
        var shown = run.Out[run.Out.IndexOf("shop goes back", StringComparison.Ordinal)..];
        Assert.StartsWith(
            """
            shop goes back, web to 1.1.0, as version set 3
            12:00:00 wave 1: start cart 2.2.0 begins (0/2 healthy)
            12:00:00 wave 2: start web 1.2.0 waits for start cart 2.2.0: web 1.2.0 accepts cart >=2.2 <3, not 2.0.0
            """,
            shown,
            StringComparison.Ordinal);
        Assert.Contains("12:00:00 cart traffic: 2.0.0 50 %, 2.2.0 50 %\n", shown, StringComparison.Ordinal);
        Assert.Contains("12:00:00 wave 4: retire cart 2.0.0 is done\nshop runs as asked: 1 service, version set 3, after ", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Not_confirmed_nothing_is_changed()
    {
        await using var server = await StartAsync(_plan);
        using var run = new CliRun { CanAsk = true, Typed = "n\n" };
        Assert.Equal(ExitCode.Failed, await run.RunAsync("rollback", "--server", server.Url));
        Assert.Equal("Roll shop back to web to 1.1.0? [y/N] error: not confirmed; nothing was changed\n", run.Error);
        Assert.Equal(ExitCode.BadInput, (await CliRun.AgainstAsync(server, "rollback")).Code);
        Assert.DoesNotContain(server.Calls, call => call.StartsWith(RunCall + "?", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_waiting_it_returns_once_accepted()
    {
        await using var server = await StartAsync(_plan);
        server.On(RunCall, Documents.Change(set: 3));
        var outcome = await CliRun.AgainstAsync(server, "rollback", "--yes", "--no-wait");
        Assert.Equal((ExitCode.Done, ""), (outcome.Code, outcome.Error));
        Assert.EndsWith("shop goes back, web to 1.1.0, as version set 3\n", outcome.Out, StringComparison.Ordinal);
        Assert.Equal(RunCall + "?author=ada", server.Calls[^1]);
    }

    [Fact]
    public async Task A_set_made_meanwhile_is_said()
    {
        await using var server = await StartAsync(_plan);
        server.On(RunCall, _ => (409, """{"type":"tutti:conflict","detail":"shop moved on from set 2 to set 3 since the plan was made: look at a new plan"}"""));
        var outcome = await CliRun.AgainstAsync(server, "rollback", "--yes");
        Assert.Equal((ExitCode.Failed, "error: shop moved on from set 2 to set 3 since the plan was made: look at a new plan\n"), (outcome.Code, outcome.Error));
    }

    [Fact]
    public async Task Where_nothing_fits_the_facts_are_numbered_and_the_nearest_named()
    {
        await using var server = await StartAsync(_plan with
        {
            Solved = false,
            Moves = [],
            Changes = [],
            Transition = null,
            Explanation = ["you asked for web 1.1.0", "web 1.1.0 accepts cart >=2.0 <2.2", "cart is held at 2.2.0"],
            Nearest = ["web 1.1.0 without the hold on cart"],
        });
        var outcome = await CliRun.AgainstAsync(server, "rollback", "web", "--hold", "cart", "--yes");
        Assert.Equal((ExitCode.Failed, ""), (outcome.Code, outcome.Out));
        Assert.Equal(
            """
            1. you asked for web 1.1.0
            2. web 1.1.0 accepts cart >=2.0 <2.2
            3. cart is held at 2.2.0
            what can be had instead:
              web 1.1.0 without the hold on cart
            error: web to 1.1.0 cannot be: no versions fit together; nothing was changed

            """,
            outcome.Error);
        outcome = await CliRun.AgainstAsync(server, "rollback", "web", "--dry-run", "-o", "json");
        Assert.Equal((ExitCode.Failed, ""), (outcome.Code, outcome.Error));
        Assert.False(JsonSerializer.Deserialize<RollbackPlanDocument>(outcome.Out, TuttiJson.Options)!.Solved);
    }

    [Theory]
    [InlineData("--dry-run")]
    [InlineData("--yes")]
    public async Task A_gap_without_consent_ends_it_behind_the_plan(string option)
    {
        await using var server = await StartAsync(_plan with { Transition = ShopTransition.WithGap with { Refusal = ShopTransition.GapRefusal } });
        var outcome = await CliRun.AgainstAsync(server, "rollback", option);
        Assert.Equal((ExitCode.Failed, $"error: {ShopTransition.GapRefusal}\n"), (outcome.Code, outcome.Error));
        Assert.Contains("wave 2: start ledger 1.2.0", outcome.Out, StringComparison.Ordinal);
        Assert.Equal(PlanCall, server.Calls[^1]);
    }

    [Fact]
    public async Task Nothing_to_change_is_said_without_asking()
    {
        await using var server = await StartAsync(_plan with { Moves = [], Changes = [], Transition = new TransitionDocument() });
        var outcome = await CliRun.AgainstAsync(server, "rollback", "web", "--to", "1.2.0");
        Assert.Equal((ExitCode.Done, "shop: nothing to change, version set 2 is so already (web to 1.1.0)\n", ""), (outcome.Code, outcome.Out, outcome.Error));
    }

    [Theory]
    [InlineData("--pin cart", "error: --pin cart: expected SERVICE=RANGE, such as cart=^2\n")]
    [InlineData("--pin =^2", "error: --pin =^2: expected SERVICE=RANGE, such as cart=^2\n")]
    [InlineData("--pin cart=^2 --pin cart=^3", "error: --pin cart=^3: cart is pinned twice; join the ranges, as in 'cart=>=2.0 <2.2'\n")]
    [InlineData("-o json", "error: -o json goes with --dry-run: it prints the plan\nSee 'tutti rollback --help'.\n")]
    [InlineData("--wait --no-wait", "error: --wait and --no-wait exclude each other\nSee 'tutti rollback --help'.\n")]
    public async Task Words_that_make_no_sense_are_bad_input(string line, string error)
    {
        await using var server = await StartAsync(_plan);
        var outcome = await CliRun.AgainstAsync(server, ["rollback", "web", .. line.Split(' ')]);
        Assert.Equal((ExitCode.BadInput, error), (outcome.Code, outcome.Error));
        Assert.Empty(server.Calls);
    }

    private static VersionMoveDocument Move(string service, string from, string to, string because) =>
        new(service, ReleaseVersion.Parse(from), ReleaseVersion.Parse(to), because);

    private static async Task<FakeServer> StartAsync(RollbackPlanDocument plan) =>
        (await FakeServer.StartAsync()).WithDocuments().On(PlanCall, plan);
}
