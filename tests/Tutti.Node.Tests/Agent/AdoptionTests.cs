using System.Collections.Immutable;
using Tutti.Model.Agents;
using Tutti.Model.Lifecycle;
using Tutti.Node.Agent;
using Tutti.Node.Probes;
using Tutti.Node.Tests.Instances;

namespace Tutti.Node.Tests.Agent;

public sealed class AdoptionTests
{
    [Fact]
    public async Task One_that_was_in_Run_stays_there_with_its_ports_and_is_stopped_by_failing_probes_only()
    {
        await using var stage = new Stage();
        var running = stage.Runtime.Add();
        var entry = Entry(InstancePhase.Run) with { Assignment = Stage.Web() with { Upstreams = [new UpstreamAssignment { Service = "cart", Port = "http" }] } };
        var supervisor = stage.Adopt(entry, running);
        Assert.Equal(InstancePhase.Run, supervisor.Report.Phase);
        Assert.Equal(running.Identity.Pid, supervisor.Report.Pid);
        Assert.Equal([20007], stage.Ports.Taken);
        Assert.Equal(30009, stage.Upstreams.Previous["shop/web-1"]["cart"]);
        await stage.Time.UntilAsync(() => stage.Prober.Asked > 5, TimeSpan.FromMilliseconds(100));
        Assert.Equal(InstancePhase.Run, supervisor.Report.Phase);
        Assert.Empty(stage.Runtime.Launches);

        stage.Prober.Answer = _ => new ProbeResult(false, "no answer");
        await stage.Time.UntilAsync(() => supervisor.Report.Stopped, TimeSpan.FromMilliseconds(100));
        Assert.Equal(InstancePhase.Failed, supervisor.Report.Phase);
    }

    [Fact]
    public async Task One_caught_between_start_and_identity_is_Ready_and_its_identity_is_written()
    {
        await using var stage = new Stage();
        stage.Prober.Answer = _ => new ProbeResult(false, "not yet");
        var running = stage.Runtime.Add();
        var supervisor = stage.Adopt(Entry(InstancePhase.Provision), running);
        Assert.Equal(InstancePhase.Ready, supervisor.Report.Phase);
        Assert.Equal(running.Identity, stage.OnDisk("web-1")!.Identity);
        stage.Prober.Answer = _ => new ProbeResult(true, null);
        await stage.Time.UntilAsync(() => supervisor.Report.Phase == InstancePhase.Run);
    }

    [Fact]
    public async Task One_that_has_died_is_Failed_and_not_started_again()
    {
        await using var stage = new Stage();
        var supervisor = stage.Adopt(Entry(InstancePhase.Run), null);
        Assert.Equal((InstancePhase.Failed, true, "not running when the agent came back"), (supervisor.Report.Phase, supervisor.Report.Stopped, supervisor.Report.Reason));
        supervisor.Want(Stage.Web());
        stage.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(stage.Runtime.Launches);
        Assert.True(stage.OnDisk("web-1")!.Stopped);
    }

    [Fact]
    public async Task One_that_was_being_stopped_goes_on_being_stopped()
    {
        await using var stage = new Stage();
        var running = stage.Runtime.Add();
        var supervisor = stage.Adopt(Entry(InstancePhase.Destroy), running);
        await stage.Time.UntilAsync(() => supervisor.Report.Stopped);
        Assert.Single(running.Stops);
        Assert.Equal(InstancePhase.Destroy, supervisor.Report.Phase);
    }

    [Fact]
    public async Task One_that_had_ended_is_reported_as_it_was()
    {
        await using var stage = new Stage();
        var supervisor = stage.Adopt(Entry(InstancePhase.Failed) with { Stopped = true, Reason = "exited with code 3 after 1s", ExitCode = 3 }, null);
        Assert.Equal(("exited with code 3 after 1s", 3, true), (supervisor.Report.Reason, supervisor.Report.ExitCode, supervisor.Report.Stopped));
    }

    [Fact]
    public async Task Its_next_attempt_stops_the_adopted_one_first()
    {
        await using var stage = new Stage();
        var running = stage.Runtime.Add();
        var supervisor = stage.Adopt(Entry(InstancePhase.Run), running);
        supervisor.Want(Stage.Web(attempt: 2));
        await stage.Time.UntilAsync(() => supervisor.Report is { Attempt: 2, Phase: InstancePhase.Run });
        Assert.Single(running.Stops);
        Assert.Single(stage.Runtime.Launches);
    }

    private static JournalEntry Entry(InstancePhase phase) => new()
    {
        Assignment = Stage.Web(),
        Phase = phase,
        Launch = "0000-1111",
        StartedAt = DateTimeOffset.UnixEpoch,
        Ports = ImmutableSortedDictionary<string, int>.Empty.Add("http", 20007),
        UpstreamPorts = ImmutableSortedDictionary<string, int>.Empty.Add("cart", 30009),
    };
}
