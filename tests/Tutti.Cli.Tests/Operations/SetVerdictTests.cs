using Tutti.Cli.Operations;
using Tutti.Cli.Tests.Fakes;
using Tutti.Control.State;
using Tutti.Model.Lifecycle;
using Tutti.Server.Api;

namespace Tutti.Cli.Tests.Operations;

public sealed class SetVerdictTests
{
    [Fact]
    public void Settled_when_all_run_and_nothing_moves() =>
        Assert.Equal([], SetVerdict.Of(2, [Documents.Service()], [Documents.Operation()]));

    [Theory]
    [InlineData(OperationState.Running)]
    [InlineData(OperationState.Paused)]
    public void Not_settled_while_an_operation_is_in_progress(OperationState state) =>
        Assert.Null(SetVerdict.Of(2, [Documents.Service()], [Documents.Operation(state: state)]));

    [Theory]
    [InlineData(ServiceStatus.Provision)]
    [InlineData(ServiceStatus.Ready)]
    [InlineData(ServiceStatus.Destroy)]
    public void Not_settled_while_a_service_is_on_its_way(ServiceStatus status) =>
        Assert.Null(SetVerdict.Of(2, [Documents.Service(), Documents.Service("cart", status)], []));

    [Fact]
    public void Not_settled_while_a_service_is_still_at_an_older_set() =>
        Assert.Null(SetVerdict.Of(3, [Documents.Service(set: 2)], []));

    [Fact]
    public void External_services_are_not_waited_for() =>
        Assert.Equal([], SetVerdict.Of(2, [Documents.Service("tax", ServiceStatus.Provision, set: 0) with { External = "https://x" }], []));

    [Fact]
    public void Failures_of_other_sets_do_not_count() =>
        Assert.Equal([], SetVerdict.Of(2, [Documents.Service()], [Documents.Operation(state: OperationState.Failed, set: 1, reason: "old")]));

    [Fact]
    public void A_later_success_of_the_same_service_has_the_last_word() =>
        Assert.Equal([], SetVerdict.Of(2, [Documents.Service()], [Documents.Operation(state: OperationState.Failed), Documents.Operation()]));

    [Fact]
    public void A_service_that_is_failed_already_is_a_reason() =>
        Assert.Equal(
            ["db is Failed: gave up"],
            SetVerdict.Of(2, [Documents.Service("db", ServiceStatus.Failed) with { Cause = "gave up" }], [])!);

    [Fact]
    public void A_newer_set_is_a_reason() =>
        Assert.Equal(["version set 2 was superseded by set 3"], SetVerdict.Of(2, [Documents.Service(set: 3)], [])!);

    [Fact]
    public void While_the_transition_runs_it_is_not_settled_whatever_the_services_say() =>
        Assert.Null(SetVerdict.Of(2, Way(TransitionState.Running), [Documents.Service()], [Documents.Operation()]));

    [Fact]
    public void A_transition_that_succeeded_is_judged_by_its_services_too()
    {
        Assert.Equal([], SetVerdict.Of(2, Way(TransitionState.Succeeded), [Documents.Service()], []));
        Assert.Equal(
            ["web is Failed: gave up"],
            SetVerdict.Of(2, Way(TransitionState.Succeeded), [Documents.Service(status: ServiceStatus.Failed) with { Cause = "gave up" }], [])!);
    }

    [Fact]
    public void A_set_that_ran_has_succeeded_also_where_a_newer_one_is_on_its_way() =>
        Assert.Equal([], SetVerdict.Of(2, Way(TransitionState.Succeeded), [Documents.Service(status: ServiceStatus.Update, set: 3)], []));

    [Theory]
    [InlineData(TransitionState.Failed, "web 1.2.0: no room", "version set 2 was given up: web 1.2.0: no room")]
    [InlineData(TransitionState.Superseded, "superseded by set 3", "version set 2 was given up: superseded by set 3")]
    [InlineData(TransitionState.Superseded, "ada took shop down", "version set 2 was given up: ada took shop down")]
    public void Ends_of_a_transition_are_reasons(TransitionState state, string reason, string expected) =>
        Assert.Equal([expected], SetVerdict.Of(2, Way(state, reason), [Documents.Service(status: ServiceStatus.Update)], [])!);

    [Fact]
    public void A_transition_that_was_rolled_back_names_the_operation_and_where_everything_goes() =>
        Assert.Equal(
            ["web: Update 1.1.0 → 1.2.0 was rolled back: GET / answered 500", "everything goes back to version set 1"],
            SetVerdict.Of(2, Way(TransitionState.RolledBack, "web 1.2.0: GET / answered 500"), [Documents.Service(set: 3)], [Documents.Operation(state: OperationState.RolledBack, reason: "GET / answered 500")])!);

    [Fact]
    public void A_failed_transition_that_was_resumed_goes_on() =>
        Assert.Null(SetVerdict.Of(2, Way(TransitionState.Failed, "gave up"), [Documents.Service(status: ServiceStatus.Update)], [Documents.Operation(state: OperationState.Failed), Documents.Operation(state: OperationState.Running)]));

    [Fact]
    public void A_scaling_that_did_not_finish_is_a_reason_though_its_transition_goes_on() =>
        Assert.Equal(
            ["web: Update 1.1.0 → 1.2.0 failed: no room"],
            SetVerdict.Of(2, Way(TransitionState.Running), [Documents.Service()], [Documents.Operation(state: OperationState.Failed, reason: "no room")])!);

    [Fact]
    public void A_service_that_is_Failed_is_a_reason_unless_the_transition_exchanges_it()
    {
        var failed = Documents.Service("db", ServiceStatus.Failed) with { Cause = "gave up" };
        Assert.Equal(["db is Failed: gave up"], SetVerdict.Of(2, Way(TransitionState.Running), [Documents.Service(), failed], [])!);
        Assert.Null(SetVerdict.Of(2, Way(TransitionState.Running), [Documents.Service(status: ServiceStatus.Failed)], []));
    }

    private static TransitionDocument Way(TransitionState state, string? reason = null) => ShopTransition.Planned with { State = state, Reason = reason, FromSet = 1 };
}
