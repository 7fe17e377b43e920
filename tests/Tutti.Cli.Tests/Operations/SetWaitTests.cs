using Tutti.Cli.Operations;
using Tutti.Cli.Tests.Fakes;
using Tutti.Control.State;
using Tutti.Model.Lifecycle;

namespace Tutti.Cli.Tests.Operations;

public sealed class SetWaitTests
{
    [Fact]
    public void Settled_when_all_run_and_nothing_moves() =>
        Assert.Equal([], SetWait.Judge(2, [Documents.Service()], [Documents.Operation()]));

    [Theory]
    [InlineData(OperationState.Running)]
    [InlineData(OperationState.Paused)]
    public void Not_settled_while_an_operation_is_in_progress(OperationState state) =>
        Assert.Null(SetWait.Judge(2, [Documents.Service()], [Documents.Operation(state: state)]));

    [Theory]
    [InlineData(ServiceStatus.Provision)]
    [InlineData(ServiceStatus.Ready)]
    [InlineData(ServiceStatus.Destroy)]
    public void Not_settled_while_a_service_is_on_its_way(ServiceStatus status) =>
        Assert.Null(SetWait.Judge(2, [Documents.Service(), Documents.Service("cart", status)], []));

    [Fact]
    public void Not_settled_while_a_service_is_still_at_an_older_set() =>
        Assert.Null(SetWait.Judge(3, [Documents.Service(set: 2)], []));

    [Fact]
    public void External_services_are_not_waited_for() =>
        Assert.Equal([], SetWait.Judge(2, [Documents.Service("tax", ServiceStatus.Provision, set: 0) with { External = "https://x" }], []));

    [Fact]
    public void Failures_of_other_sets_do_not_count() =>
        Assert.Equal([], SetWait.Judge(2, [Documents.Service()], [Documents.Operation(state: OperationState.Failed, set: 1, reason: "old")]));

    [Fact]
    public void A_later_success_of_the_same_service_has_the_last_word() =>
        Assert.Equal([], SetWait.Judge(2, [Documents.Service()], [Documents.Operation(state: OperationState.Failed), Documents.Operation()]));

    [Fact]
    public void A_service_that_is_failed_already_is_a_reason() =>
        Assert.Equal(
            ["db is Failed: gave up"],
            SetWait.Judge(2, [Documents.Service("db", ServiceStatus.Failed) with { Cause = "gave up" }], [])!);

    [Fact]
    public void A_newer_set_is_a_reason() =>
        Assert.Equal(["version set 2 was superseded by set 3"], SetWait.Judge(2, [Documents.Service(set: 3)], [])!);
}
