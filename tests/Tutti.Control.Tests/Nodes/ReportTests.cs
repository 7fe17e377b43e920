using Tutti.Control.Commands;
using Tutti.Control.State;
using Tutti.Model.Agents;
using Tutti.Model.Lifecycle;

namespace Tutti.Control.Tests.Nodes;

public sealed class ReportTests
{
    private readonly Bed _bed = new();

    public ReportTests()
    {
        _bed.Do(Shop.Apply(("db", Shop.Pet("1.0.0")), ("web", Shop.Service("1.0.0", 1))));
        _bed.Pass(3);
        _bed.Agent("n1").Kill("db-0");
        _bed.Pass(3);
        _bed.Turn();
    }

    [Fact]
    public void Repeated_and_reordered_ones_change_nothing()
    {
        var id = _bed.Instances("web")[0].Id;
        var failed = Report(id, 1, InstancePhase.Failed);
        Assert.True(Send(1000, failed).Changed);
        _bed.Settle();
        var replacement = _bed.Instances("web").Single(instance => instance.Goal == AssignmentGoal.Run).Id;
        _bed.Turn();

        Assert.False(Send(1000, Report(replacement, 1, InstancePhase.Failed)).Changed);
        Assert.False(Send(999, Report(replacement, 1, InstancePhase.Failed)).Changed);
        Assert.Equal(0, _bed.Core.Pending);
    }

    [Fact]
    public void An_older_session_is_told_to_register_and_not_believed()
    {
        var result = _bed.Handle(new ReportNode("n1", new NodeReport { Session = "n1-0", Sequence = 9999, Instances = [Report("db-0", 2, InstancePhase.Failed)] }));

        Assert.False(result.KnownSession);
        Assert.Equal(InstancePhase.Run, _bed.Instances("db")[0].Phase);
    }

    [Fact]
    public void A_lower_attempt_another_node_and_an_unknown_instance_are_ignored()
    {
        _bed.Join("n2");
        _bed.Settle();
        Assert.Equal(2, _bed.Instances("db")[0].Attempt);

        Assert.False(Send(1000, Report("db-0", 1, InstancePhase.Failed)).Changed);
        Assert.False(Send(1001, Report("nobody", 1, InstancePhase.Run)).Changed);
        Assert.False(_bed.Agent("n2").Report(Report("db-0", 2, InstancePhase.Failed)).Changed);
        Assert.Equal(InstancePhase.Run, _bed.Instances("db")[0].Phase);
    }

    [Fact]
    public void A_complete_report_without_an_instance_says_that_it_is_gone()
    {
        _bed.Handle(new ReportNode("n1", new NodeReport { Session = _bed.Agent("n1").Session, Sequence = 1000, Complete = true }));

        Assert.Equal((InstancePhase.Failed, true, "the agent of n1 has nothing of it"), (_bed.Instances("db")[0].Phase, _bed.Instances("db")[0].Stopped, _bed.Instances("db")[0].Reason));
    }

    [Fact]
    public void A_pet_that_only_lost_its_lease_comes_back_and_that_is_none_of_its_restarts()
    {
        for (var round = 0; round < 8; round++)
        {
            var pet = _bed.Instances("db")[0];
            _bed.Agent("n1").LoseLease("db-0");
            _bed.PassUntil(() => _bed.Instances("db")[0] is { Phase: InstancePhase.Run } again && again.Attempt > pet.Attempt);
        }

        Assert.Single(_bed.Service("db").Restarts);
        Assert.Empty(_bed.Alerts);
    }

    // It was once neither failed nor replaced, for ever.
    [Fact]
    public void What_has_stopped_without_saying_that_it_failed_has_failed()
    {
        Send(1000, Report(_bed.Instances("web")[0].Id, 1, InstancePhase.Ready) with { Stopped = true });
        _bed.Turn();

        Assert.Contains(_bed.State.Events.Values, line => line is { Kind: EventKind.Phase, To: "Failed", Cause: "its agent reports that nothing of it runs" });
    }

    [Fact]
    public void Why_an_instance_is_still_being_supplied_is_kept()
    {
        _bed.Fate = _ => new Fate(InstancePhase.Provision, "fetching the artifact: connection refused");
        _bed.Do(Shop.Apply(("db", Shop.Pet("1.0.0")), ("web", Shop.Service("1.1.0", 1))));
        _bed.Pass(61);

        Assert.Contains("fetching the artifact: connection refused", _bed.LastOperation("web").Kind == OperationKind.Rollback
            ? _bed.State.Operations.Values.Last(operation => operation.State == OperationState.RolledBack).Reason : "no rollback");
    }

    private static InstanceReport Report(string id, int attempt, InstancePhase phase) =>
        new() { Instance = id, Architecture = "shop", Attempt = attempt, Phase = phase };

    private CommandResult Send(long sequence, InstanceReport report) =>
        _bed.Handle(new ReportNode("n1", new NodeReport { Session = _bed.Agent("n1").Session, Sequence = sequence, Instances = [report] }));
}
