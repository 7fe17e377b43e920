using Tutti.Model.Agents;
using Tutti.Model.Lifecycle;
using Tutti.Node.Instances;

namespace Tutti.Node.Tests.Instances;

public sealed class StoppingTests
{
    [Fact]
    public async Task Leaves_discovery_drains_then_signals()
    {
        await using var stage = new Stage();
        var supervisor = await stage.RunAsync(Stage.Web());
        supervisor.Want(Stage.Web(goal: AssignmentGoal.Stop));
        await Until.HoldsAsync(() => supervisor.Report.Phase == InstancePhase.Destroy, "it says so at once");
        var began = stage.Time.Elapsed;
        Assert.Empty(stage.Runtime.Last.Stops);
        await stage.Time.UntilAsync(() => !stage.Runtime.Last.Stops.IsEmpty);
        Assert.InRange((stage.Time.Elapsed - began).TotalSeconds, 1.9, 10);
        await Until.HoldsAsync(() => supervisor.Report.Stopped, "it is stopped");
        Assert.Equal(InstancePhase.Destroy, supervisor.Report.Phase);
        Assert.Equal(("SIGTERM", TimeSpan.FromSeconds(60)), Assert.Single(stage.Runtime.Last.Stops));
        Assert.Empty(stage.Ports.Taken);
    }

    [Fact]
    public async Task One_that_never_started_is_stopped_at_once()
    {
        await using var stage = new Stage();
        var supervisor = stage.Create(Stage.Web(goal: AssignmentGoal.Stop));
        await Until.HoldsAsync(() => supervisor.Report.Stopped, "it is stopped");
        Assert.Equal(InstancePhase.Destroy, supervisor.Report.Phase);
        Assert.Empty(stage.Runtime.Launches);
    }

    [Fact]
    public async Task One_that_waits_for_its_artifact_is_stopped_without_being_started()
    {
        await using var stage = new Stage();
        var never = new TaskCompletionSource<string>();
        stage.Artifacts.Answer = _ => never.Task;
        var assignment = Stage.Web() with { Run = new Model.Manifest.RunSpec { Command = ["web"], Digest = "sha256:ab" } };
        var supervisor = stage.Create(assignment);
        supervisor.Want(assignment with { Goal = AssignmentGoal.Stop });
        await Until.HoldsAsync(() => supervisor.Report.Stopped, "it is stopped");
        Assert.Empty(stage.Runtime.Launches);
    }

    [Fact]
    public async Task A_failed_one_asked_to_stop_is_stopped_already()
    {
        await using var stage = new Stage();
        var supervisor = await stage.RunAsync(Stage.Web());
        stage.Runtime.Last.Exit(1);
        await Until.HoldsAsync(() => supervisor.Report.Stopped, "it is stopped");
        supervisor.Want(Stage.Web(goal: AssignmentGoal.Stop));
        stage.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((InstancePhase.Failed, true), (supervisor.Report.Phase, supervisor.Report.Stopped));
    }

    [Fact]
    public async Task A_higher_attempt_begins_only_when_nothing_of_the_lower_is_left()
    {
        await using var stage = new Stage();
        var supervisor = await stage.RunAsync(Stage.Pet());
        var first = stage.Runtime.Last;
        first.Obedient = false;
        supervisor.Want(Stage.Pet(attempt: 2));
        await stage.Time.UntilAsync(() => !first.Stops.IsEmpty);
        stage.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Single(stage.Runtime.Launches);
        Assert.False(supervisor.Report.Stopped);

        first.Obeys.SetResult();
        await stage.Time.UntilAsync(() => supervisor.Report is { Attempt: 2, Phase: InstancePhase.Run });
        Assert.Equal(2, stage.Runtime.Launches.Count);
        Assert.Contains(stage.Seen, r => r is { Attempt: 1, Phase: InstancePhase.Destroy, Stopped: true });
    }

    [Fact]
    public async Task The_same_attempt_is_never_started_twice_and_older_ones_change_nothing()
    {
        await using var stage = new Stage();
        var supervisor = await stage.RunAsync(Stage.Pet(attempt: 3));
        supervisor.Want(Stage.Pet(attempt: 2, goal: AssignmentGoal.Stop));
        Assert.Equal((3, AssignmentGoal.Run), (supervisor.Assignment.Attempt, supervisor.Assignment.Goal));
        supervisor.Want(Stage.Pet(attempt: 3));
        stage.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(InstancePhase.Run, supervisor.Report.Phase);

        stage.Runtime.Last.Exit(1);
        await Until.HoldsAsync(() => supervisor.Report.Stopped, "it is stopped");
        supervisor.Want(Stage.Pet(attempt: 3));
        supervisor.Want(Stage.Pet(attempt: 3, goal: AssignmentGoal.Stop));
        supervisor.Want(Stage.Pet(attempt: 3));
        stage.Time.Advance(TimeSpan.FromMinutes(1));
        await Task.Yield();
        Assert.Single(stage.Runtime.Launches);

        supervisor.Want(Stage.Pet(attempt: 4));
        await stage.Time.UntilAsync(() => supervisor.Report is { Attempt: 4, Phase: InstancePhase.Run });
        Assert.Equal(2, stage.Runtime.Launches.Count);
    }

    [Fact]
    public async Task A_lost_lease_stops_it_without_drain_and_with_a_short_grace()
    {
        await using var stage = new Stage();
        var supervisor = await stage.RunAsync(Stage.Pet());
        supervisor.LoseLease();
        await Until.HoldsAsync(() => supervisor.Report.Stopped, "it is stopped");
        Assert.Equal(InstancePhase.Failed, supervisor.Report.Phase);
        Assert.Contains("lease", supervisor.Report.Reason);
        Assert.True(supervisor.Report.LeaseLost);
        Assert.Equal(("SIGTERM", InstanceAttempt.GraceWithoutLease), Assert.Single(stage.Runtime.Last.Stops));
    }

    [Fact]
    public async Task A_lease_lost_while_it_stops_shortens_the_grace()
    {
        await using var stage = new Stage();
        var supervisor = await stage.RunAsync(Stage.Pet());
        var running = stage.Runtime.Last;
        running.Obedient = false;
        supervisor.Want(Stage.Pet(goal: AssignmentGoal.Stop));
        await stage.Time.UntilAsync(() => running.Stops.Count == 1);
        supervisor.LoseLease();
        await Until.HoldsAsync(() => running.Stops.Count == 2, "it is stopped again");
        Assert.Equal(InstanceAttempt.GraceWithoutLease, running.Stops.Last().Grace);
        running.Obeys.SetResult();
        await Until.HoldsAsync(() => supervisor.Report.Stopped, "it is stopped");
    }

    [Fact]
    public async Task A_pet_is_not_started_without_a_lease_and_is_with_the_next_attempt()
    {
        await using var stage = new Stage { LeaseHeld = false };
        var supervisor = stage.Create(Stage.Pet());
        await Until.HoldsAsync(() => supervisor.Report.Stopped, "it is stopped");
        Assert.Contains("lease", supervisor.Report.Reason);
        Assert.Empty(stage.Runtime.Launches);

        stage.LeaseHeld = true;
        supervisor.Want(Stage.Pet(attempt: 2));
        await stage.Time.UntilAsync(() => supervisor.Report is { Attempt: 2, Phase: InstancePhase.Run });
    }

    [Fact]
    public async Task Forgotten_it_leaves_only_its_volumes()
    {
        await using var stage = new Stage();
        var supervisor = await stage.RunAsync(Stage.Pet());
        Assert.NotNull(stage.OnDisk("db-0"));
        supervisor.Forget();
        await stage.Time.UntilAsync(() => supervisor.Ended.IsCompleted);
        Assert.Null(stage.OnDisk("db-0"));
        Assert.False(Directory.Exists(Path.Combine(stage.Folder, "instances/shop/db-0")));
        Assert.True(Directory.Exists(Path.Combine(stage.Folder, "volumes/shop/db-0/data")));
        Assert.Equal(["shop/db-0"], stage.Logs.Forgotten);
        Assert.Single(stage.Runtime.Last.Stops);
    }

    [Fact]
    public async Task The_end_of_the_agent_leaves_it_running()
    {
        await using var stage = new Stage();
        var supervisor = await stage.RunAsync(Stage.Web());
        await supervisor.DisposeAsync();
        Assert.Empty(stage.Runtime.Last.Stops);
        Assert.Equal(InstancePhase.Run, stage.OnDisk("web-1")!.Phase);
    }
}
