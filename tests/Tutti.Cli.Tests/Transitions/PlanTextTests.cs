using Tutti.Cli.CommandLine;
using Tutti.Cli.Tests.Fakes;
using Tutti.Server.Api;

namespace Tutti.Cli.Tests.Transitions;

public sealed class PlanTextTests : IDisposable
{
    private static readonly PlanDocument _plan = new()
    {
        Architecture = "shop",
        FromSet = 2,
        Changes = [new() { Service = "web", Action = "update", Fields = [new("version", "1.1.0", "1.2.0")] }],
    };

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_way_is_printed_wave_by_wave_with_every_wait()
    {
        var outcome = await PlanAsync(_plan with { Transition = ShopTransition.Planned });
        Assert.Equal((ExitCode.Done, ""), (outcome.Code, outcome.Error));
        Assert.Equal(
            """
            ~ web
                version: 1.1.0 → 1.2.0
            shop: 0 to add, 1 to update, 0 to remove (from version set 2)
            transition: 4 events in 4 waves, at its peak 3 instances more than before and after
              wave 1: start cart 2.2.0
                  runs side by side with 2.0.0 until retire web 1.1.0 is done
              wave 2: start web 1.2.0
                  after start cart 2.2.0: web 1.2.0 accepts cart >=2.2 <3, not 2.0.0
                  rolls instance by instance: one of 1.1.0 goes when one of 1.2.0 is healthy
              wave 3: retire web 1.1.0
                  after start web 1.2.0: web 1.2.0 must be healthy before web 1.1.0 goes
              wave 4: retire cart 2.0.0
                  after start cart 2.2.0: cart 2.2.0 must be healthy before cart 2.0.0 goes
                  after retire web 1.1.0: web 1.1.0 accepts cart >=2.0 <2.2, not 2.2.0

            """,
            outcome.Out);
    }

    [Fact]
    public async Task A_change_without_a_new_version_has_no_waves()
    {
        var outcome = await PlanAsync(_plan with { Transition = new TransitionDocument() });
        Assert.Equal(ExitCode.Done, outcome.Code);
        Assert.EndsWith("shop: 0 to add, 1 to update, 0 to remove (from version set 2)\n", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gap_that_was_agreed_to_is_shown()
    {
        var outcome = await PlanAsync(_plan with { Transition = ShopTransition.WithGap }, "--allow-gap");
        Assert.Equal((ExitCode.Done, ""), (outcome.Code, outcome.Error));
        Assert.EndsWith(
            """
            transition: 2 events in 2 waves, never more instances than before or after
              wave 1: retire ledger 1.1.0
              wave 2: start ledger 1.2.0
                  after retire ledger 1.1.0: a pet never runs twice
              gap: ledger is down while it goes from 1.1.0 to 1.2.0, and orders 1.1.0 lacks it (it is a pet)

            """,
            outcome.Out,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("table")]
    [InlineData("json")]
    public async Task What_apply_would_be_refused_for_is_said_once_and_ends_with_1(string format)
    {
        var outcome = await PlanAsync(_plan with { Transition = ShopTransition.WithGap with { Refusal = ShopTransition.GapRefusal } }, "-o", format);
        Assert.Equal((ExitCode.Failed, $"error: apply would be refused: {ShopTransition.GapRefusal}\n"), (outcome.Code, outcome.Error));
        Assert.DoesNotContain("gap: ", outcome.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--allow-gap", "\"allowGap\":true")]
    [InlineData("--output=table", "\"allowGap\":false")]
    public async Task Consent_is_passed_on(string option, string expected)
    {
        await using var server = (await FakeServer.StartAsync()).On("POST /api/plan", _plan);
        await CliRun.AgainstAsync(server, "plan", _folder.Write("m.yaml", "web"), option);
        Assert.Contains(expected, server.Requests[^1].Body, StringComparison.Ordinal);
    }

    private async Task<Outcome> PlanAsync(PlanDocument plan, params string[] options)
    {
        await using var server = (await FakeServer.StartAsync()).On("POST /api/plan", plan);
        return await CliRun.AgainstAsync(server, ["plan", _folder.Write("m.yaml", "web"), .. options]);
    }
}
