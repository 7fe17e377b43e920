using System.Collections.Immutable;
using System.Net;
using Tutti.Model.Agents;
using Tutti.Model.Lifecycle;
using Tutti.Model.Quantities;
using Tutti.Model.Traffic;
using Tutti.Node.Agent;
using Tutti.Node.Protocol;
using Tutti.Node.Tests.Instances;

namespace Tutti.Node.Tests.Agent;

public sealed class AgentTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new();
    private readonly FakeServerClient _server = new();
    private readonly FakeRuntime _runtime = new();
    private readonly FakeUpstreams _upstreams = new();
    private AgentHost? _agent;

    public async ValueTask DisposeAsync()
    {
        if (_agent is not null)
        {
            await _agent.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task Registers_reports_everything_and_then_each_change_at_once()
    {
        await StartAsync();
        await SettleAsync(Snapshot(1, Stage.Web()));
        var registration = Assert.Single(_server.Registrations);
        Assert.Equal(("node-1", null, "127.0.0.1"), (registration.Name, registration.ClusterId, registration.Address));
        Assert.True(_server.Reports.First().Complete);
        Assert.Contains(_server.Reports, r => !r.Complete && r.Instances is [{ Phase: InstancePhase.Run }]);
        Assert.Equal(_server.Reports.Select((_, i) => i + 1L), _server.Reports.Select(r => r.Sequence));
        Assert.All(_server.Reports, r => Assert.Equal(registration.Session, r.Session));
    }

    [Fact]
    public async Task A_heartbeat_is_complete_and_no_more_often_than_asked()
    {
        await StartAsync();
        await SettleAsync(Snapshot(1, Stage.Web() with { Health = null }));
        var (count, began) = (_server.Reports.Count, _time.Elapsed);
        await _time.UntilAsync(() => _server.Reports.Count >= count + 6, TimeSpan.FromMilliseconds(50));
        Assert.True(_time.Elapsed - began >= TimeSpan.FromSeconds(9.9), $"6 heartbeats in {_time.Elapsed - began}");
        var beats = _server.Reports.Skip(count).ToArray();
        Assert.All(beats, r => Assert.True(r is { Complete: true, Instances: [{ Phase: InstancePhase.Run }] }));
    }

    [Fact]
    public async Task What_a_snapshot_does_not_name_is_stopped_and_forgotten()
    {
        await StartAsync();
        await SettleAsync(Snapshot(1, Stage.Web(), Stage.Pet()));
        _server.Say(Snapshot(2, Stage.Pet()));
        await _time.UntilAsync(() => _server.Reports.Last() is { Complete: true, Instances: [{ Instance: "db-0", Phase: InstancePhase.Run }] }
            && _runtime.Running.Values.Any(r => !r.Stops.IsEmpty));
        Assert.Single(_runtime.Running.Values, r => !r.Stops.IsEmpty);
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "instances/shop/web-1")));
    }

    [Fact]
    public async Task What_is_named_again_or_out_of_order_changes_nothing()
    {
        await StartAsync();
        await SettleAsync(Snapshot(1, Stage.Pet(attempt: 2)));
        _server.Say(Change(2, Stage.Pet(attempt: 2)));
        _server.Say(Change(3, Stage.Pet(attempt: 1, goal: AssignmentGoal.Stop)));
        _server.Say(Snapshot(4, Stage.Pet(attempt: 2)));
        _server.Say(new AssignmentEvent { Revision = 5, Removed = ["never-heard-of"] });
        await PassAsync(TimeSpan.FromSeconds(5));
        Assert.Single(_runtime.Launches);
        Assert.Equal(InstancePhase.Run, _server.Reports.Last().Instances[0].Phase);
    }

    [Fact]
    public async Task A_removed_one_is_forgotten_and_its_name_can_be_taken_up_again()
    {
        await StartAsync();
        await SettleAsync(Snapshot(1, Stage.Pet()));
        _server.Say(Change(2, Stage.Pet(goal: AssignmentGoal.Stop)));
        await _time.UntilAsync(() => _server.Reports.Last().Instances is [{ Stopped: true, Phase: InstancePhase.Destroy }]);
        _server.Say(new AssignmentEvent { Revision = 3, Removed = ["shop/db-0"], Assigned = [Stage.Pet()] });
        await _time.UntilAsync(() => _runtime.Launches.Count == 2 && _server.Reports.Last().Instances is [{ Phase: InstancePhase.Run }]);
    }

    [Fact]
    public async Task Without_acknowledgement_pets_stop_when_the_lease_ends_and_cattle_run_on()
    {
        await StartAsync();
        await SettleAsync(Snapshot(1, Stage.Web() with { Upstreams = [new UpstreamAssignment { Service = "cart", Port = "http" }] }, Stage.Pet()));
        await _time.UntilAsync(() => !_upstreams.Applied.IsEmpty);
        var last = TimeSpan.Zero;
        _server.OnReport = _ =>
        {
            last = _time.Elapsed;
            return new ReportReply { Known = true };
        };
        await _time.UntilAsync(() => last > TimeSpan.Zero);
        _server.Down = true;
        last = last > TimeSpan.Zero ? last : throw new InvalidOperationException();
        await _time.UntilAsync(() => _runtime.Running.Values.Any(r => !r.Stops.IsEmpty), TimeSpan.FromMilliseconds(50));
        Assert.InRange((_time.Elapsed - last).TotalSeconds, 9.9, 14);
        await PassAsync(TimeSpan.FromSeconds(30));
        Assert.Single(_runtime.Running.Values, r => !r.Stops.IsEmpty);
        Assert.DoesNotContain("shop/web-1", _upstreams.Closed);

        _server.Down = false;
        await _time.UntilAsync(() => _server.Reports.Last().Instances is { Length: 2 } all
            && all.Any(i => i is { Instance: "db-0", Phase: InstancePhase.Failed, Stopped: true } && i.Reason!.Contains("lease", StringComparison.Ordinal))
            && all.Any(i => i is { Instance: "web-1", Phase: InstancePhase.Run }));
    }

    [Fact]
    public async Task A_slow_acknowledgement_counts_from_the_sending_of_its_report()
    {
        var lease = new PetLease(Path.Combine(_folder.Path, "lease"), "boot", _time);
        lease.SetLength(TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(20));
        var sent = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(8));
        lease.Renew(sent, keep: true);
        _time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.True(lease.Held);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.False(lease.Held);

        var next = new PetLease(Path.Combine(_folder.Path, "lease"), "boot", _time);
        Assert.True(next.Held);
        _time.Advance(PetLease.FirstContact);
        Assert.False(next.Held);
        Assert.True(new PetLease(Path.Combine(_folder.Path, "lease"), "another boot", _time).Held);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task A_server_that_does_not_know_the_session_is_registered_with_again()
    {
        await StartAsync();
        await SettleAsync(Snapshot(1, Stage.Web()));
        var forgot = true;
        _server.OnReport = _ => new ReportReply { Known = !forgot };
        _server.OnRegister = Then(_server.OnRegister, () => forgot = false);
        await _time.UntilAsync(() => _server.Registrations.Count == 2 && _server.Reports.Last().Complete && !forgot);
        Assert.Equal(_server.Registrations.First().Session, _server.Registrations.Last().Session);
        Assert.Equal("cluster-1", _server.Registrations.Last().ClusterId);
    }

    [Fact]
    public async Task After_a_broken_connection_it_resumes_the_watch_and_reports_everything()
    {
        await StartAsync();
        await SettleAsync(Snapshot(41, Stage.Web()));
        _server.Down = true;
        await PassAsync(TimeSpan.FromSeconds(3));
        var before = _server.Reports.Count;
        _server.Down = false;
        await _time.UntilAsync(() => _server.Watches.Count == 2);
        Assert.Equal([null, 41L], _server.Watches);
        Assert.True(_server.Reports.ElementAt(before).Complete);

        _server.EndWatch(new ServerRefusedException(HttpStatusCode.NotFound, "tutti:not-found", "no such session"));
        await _time.UntilAsync(() => _server.Watches.Count == 3);
        Assert.Null(_server.Watches.Last());
        Assert.Single(_runtime.Launches);
    }

    [Fact]
    public async Task An_unreachable_server_is_waited_for()
    {
        _server.Down = true;
        await StartAsync();
        await PassAsync(TimeSpan.FromSeconds(30));
        Assert.False(_agent!.Completion.IsCompleted);
        _server.Down = false;
        await SettleAsync(Snapshot(1, Stage.Web()));
    }

    [Fact]
    public async Task A_wrong_token_ends_the_start_with_a_clear_message()
    {
        _server.OnRegister = _ => throw new ServerRefusedException(HttpStatusCode.Unauthorized, null, "no");
        var e = await Assert.ThrowsAsync<AgentStartException>(StartAsync);
        Assert.Contains("token", e.Message);
        AgentFolder.Open(_folder.Path).Dispose();
    }

    [Fact]
    public async Task A_token_refused_later_ends_the_agent_once_its_pets_are_stopped()
    {
        await StartAsync();
        await SettleAsync(Snapshot(1, Stage.Web(), Stage.Pet()));
        _server.OnReport = _ => throw new ServerRefusedException(HttpStatusCode.Unauthorized, null, "no");
        await _time.UntilAsync(() => _agent!.Completion.IsCompleted, TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAsync<AgentStartException>(() => _agent!.Completion);
        Assert.Single(_runtime.Running.Values, r => !r.Stops.IsEmpty);
    }

    [Fact]
    public async Task Another_clusters_server_is_refused_and_nothing_is_touched()
    {
        await StartAsync();
        await SettleAsync(Snapshot(1, Stage.Web()));
        await _agent!.DisposeAsync();
        _server.OnRegister = Then(_server.OnRegister, () => { }, reply => reply with { ClusterId = "cluster-2" });
        var e = await Assert.ThrowsAsync<AgentStartException>(StartAsync);
        Assert.Contains("cluster-2", e.Message);
        Assert.Contains("cluster-1", e.Message);
        Assert.Empty(_runtime.Last.Stops);
        Assert.Single(Journal.Open(Path.Combine(_folder.Path, "journal")).Found);
    }

    [Fact]
    public async Task A_new_agent_takes_over_and_starts_nothing_twice()
    {
        await StartAsync();
        await SettleAsync(Snapshot(1, Stage.Web(), Stage.Pet()));
        await _agent!.DisposeAsync();
        await StartAsync();
        await SettleAsync(Snapshot(2, Stage.Web(), Stage.Pet()));
        await PassAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(2, _runtime.Launches.Count);
        Assert.Equal(2, _server.Registrations.Select(r => r.Session).Distinct().Count());
        Assert.All(_server.Reports.Last().Instances, i => Assert.Equal(InstancePhase.Run, i.Phase));
    }

    [Fact]
    public async Task Logs_are_sent_to_whoever_asks()
    {
        await StartAsync();
        await SettleAsync(Snapshot(1, Stage.Web()));
        _server.Say(new AssignmentEvent { Revision = 2, Logs = [new LogRequest { Stream = "s1", Instance = "web-1" }, new LogRequest { Stream = "s2", Instance = "no-such" }] });
        await _time.UntilAsync(() => _server.LogsSent.Count == 2);
        Assert.Equal("first\nlast", _server.LogsSent["s1"]);
        Assert.Equal("", _server.LogsSent["s2"]);
    }

    [Fact]
    public async Task Measured_use_is_in_the_heartbeat()
    {
        await StartAsync();
        await SettleAsync(Snapshot(1, Stage.Web()));
        _runtime.Last.Use = new NodeCapacity(new Cpu(7), ByteSize.FromMebibytes(9));
        await _time.UntilAsync(() => _server.Reports.Last().Used is not null, TimeSpan.FromMilliseconds(50));
        Assert.Equal(_runtime.Last.Use, _server.Reports.Last().Instances[0].Used);
        Assert.Equal(_runtime.Last.Use, _server.Reports.Last().Used);
    }

    [Fact]
    public async Task Endpoints_are_followed_until_the_last_consumer_has_stopped_and_then_forgotten()
    {
        var web = Stage.Web() with { Upstreams = [new UpstreamAssignment { Service = "cart", Port = "http" }] };
        await StartAsync();
        await SettleAsync(Snapshot(1, web));
        await _time.UntilAsync(() => !_upstreams.Applied.IsEmpty);
        _runtime.Last.Obedient = false;
        _server.Say(Change(2, web with { Goal = AssignmentGoal.Stop }));
        await _time.UntilAsync(() => !_runtime.Last.Stops.IsEmpty);
        Assert.Empty(_upstreams.Forgotten);
        Assert.Empty(_upstreams.Closed);
        _runtime.Last.Obeys.SetResult();
        await _time.UntilAsync(() => _server.Reports.Last().Instances is [{ Stopped: true }]);
        Assert.Equal(["shop/web-1"], _upstreams.Closed);
        _server.Say(new AssignmentEvent { Revision = 3, Removed = ["shop/web-1"] });
        await _time.UntilAsync(() => !_upstreams.Forgotten.IsEmpty);
        Assert.Equal(["shop"], _upstreams.Forgotten);
    }

    [Fact]
    public async Task What_upstreams_counted_is_told_with_the_heartbeat_and_once()
    {
        await StartAsync();
        await SettleAsync(Snapshot(1, Stage.Web()));
        _upstreams.Exchanged = [new UpstreamTraffic { Consumer = "shop/web-1", Provider = "cart", Requests = 3 }];
        await _time.UntilAsync(() => _server.Reports.Any(r => r.Traffic is [{ Requests: 3 }]), TimeSpan.FromMilliseconds(50));
        await PassAsync(TimeSpan.FromSeconds(10));
        Assert.Single(_server.Reports, r => !r.Traffic.IsEmpty);
        _server.Down = true;
        await PassAsync(TimeSpan.FromSeconds(3));
        _server.Down = false;
        await _time.UntilAsync(() => _server.Reports.Count(r => !r.Traffic.IsEmpty) == 2, TimeSpan.FromMilliseconds(50));
    }

    private static AssignmentEvent Snapshot(long revision, params ImmutableArray<Assignment> all) => new() { Revision = revision, Snapshot = true, Assigned = all };

    private static AssignmentEvent Change(long revision, Assignment assignment) => new() { Revision = revision, Assigned = [assignment] };

    private static Func<NodeRegistration, RegistrationReply> Then(
        Func<NodeRegistration, RegistrationReply> first, Action then, Func<RegistrationReply, RegistrationReply>? change = null) => registration =>
        {
            var reply = first(registration);
            then();
            return change is null ? reply : change(reply);
        };

    private async Task StartAsync()
    {
        var options = new AgentOptions { DataFolder = _folder.Path, Server = "http://127.0.0.1:1", Token = "t", Name = "node-1" };
        _agent = await AgentHost.StartAsync(
            options,
            _server,
            (_, _, _, _) => new AgentParts
            {
                Runtime = _runtime,
                Prober = new FakeProber(),
                Artifacts = new FakeArtifacts(),
                Logs = new FakeLogs(_folder.Path),
                Ports = new FakePorts(),
                Upstreams = _upstreams,
            },
            _time,
            CancellationToken.None);
    }

    /// <summary>Gives assignments and waits until the server has heard that all of them are in Run.</summary>
    private async Task SettleAsync(AssignmentEvent said)
    {
        _server.Say(said);
        await _time.UntilAsync(() => said.Assigned.All(a =>
            _server.Reports.SelectMany(r => r.Instances).LastOrDefault(i => i.Instance == a.Instance) is { Phase: InstancePhase.Run }));
        await _time.UntilAsync(() => !_server.Watches.IsEmpty);
    }

    private Task PassAsync(TimeSpan span)
    {
        var until = _time.Elapsed + span;
        return _time.UntilAsync(() => _time.Elapsed >= until, TimeSpan.FromMilliseconds(50));
    }
}
