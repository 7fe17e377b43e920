using System.Collections.Immutable;
using Tutti.Model.Agents;
using Tutti.Model.Lifecycle;
using Tutti.Model.Quantities;
using Tutti.Model.Manifest;
using Tutti.Node.Artifacts;
using Tutti.Node.Probes;
using Tutti.Node.Protocol;
using Tutti.Node.Runtimes;

namespace Tutti.Node.Tests.Instances;

public sealed class InstanceSupervisorTests
{
    [Fact]
    public async Task Comes_up_through_Ready_to_Run_and_tells_its_process_who_it_is()
    {
        await using var stage = new Stage();
        var probes = 0;
        stage.Prober.Answer = _ => new ProbeResult(++probes > 3, "connection refused");
        var supervisor = await stage.RunAsync(Stage.Web() with { Env = ImmutableSortedDictionary<string, string>.Empty.Add("LEVEL", "port ${port.http}") });

        Assert.True(stage.Runtime.Launches.TryPeek(out var launch));
        Assert.Equal("shop/web-1#1", launch.Key);
        Assert.Equal(["web", "--serve"], launch.Command);
        Assert.Equal("web-1", launch.Environment["TUTTI_INSTANCE"]);
        Assert.Equal("web", launch.Environment["TUTTI_SERVICE"]);
        Assert.Equal("1.2.0", launch.Environment["TUTTI_VERSION"]);
        Assert.Equal("node-1", launch.Environment["TUTTI_NODE"]);
        Assert.Equal("shop", launch.Environment["TUTTI_ARCHITECTURE"]);
        Assert.Equal("7", launch.Environment["TUTTI_SET"]);
        Assert.Equal("20000", launch.Environment["PORT_HTTP"]);
        Assert.Equal("port 20000", launch.Environment["LEVEL"]);
        Assert.Equal(Environment.GetEnvironmentVariable("PATH"), launch.Environment["PATH"]);
        Assert.Equal([InstancePhase.Ready, InstancePhase.Run], stage.Phases);
        Assert.Equal(20000, supervisor.Report.Ports["http"]);
        Assert.Equal(stage.Runtime.Last.Identity.Pid, supervisor.Report.Pid);
        Assert.Null(supervisor.Report.Reason);
        Assert.Empty(supervisor.Report.LogTail);
    }

    [Fact]
    public async Task Finds_the_addresses_of_what_it_calls_in_its_environment_unless_the_manifest_says_otherwise()
    {
        await using var stage = new Stage();
        await stage.RunAsync(Stage.Web() with
        {
            Upstreams =
            [
                new UpstreamAssignment { Service = "price-list", Port = "http" },
                new UpstreamAssignment { Service = "cart", Port = "http" },
                new UpstreamAssignment { Service = "db", Port = "sql", Protocol = PortProtocol.Tcp },
            ],
            Env = ImmutableSortedDictionary<string, string>.Empty.Add("CART_URL", "mine").Add("OTHER", "${upstream.cart.url}/x"),
        });

        Assert.True(stage.Runtime.Launches.TryPeek(out var launch));
        var url = "http://127.0.0.1:30000";
        Assert.Equal(url, launch.Environment["PRICE_LIST_URL"]);
        Assert.Equal(url, launch.Environment["services__price-list__http__0"]);
        Assert.Equal(url, launch.Environment["services__db__sql__0"]);
        Assert.Equal(url, launch.Environment["DB_URL"]);
        Assert.Equal(("mine", url, url + "/x"), (launch.Environment["CART_URL"], launch.Environment["services__cart__http__0"], launch.Environment["OTHER"]));
    }

    [Fact]
    public async Task Is_Run_soon_after_its_program_answers()
    {
        await using var stage = new Stage();
        stage.Prober.Answer = _ => new ProbeResult(stage.Time.Elapsed >= TimeSpan.FromMilliseconds(400), "connection refused");
        var supervisor = stage.Create(Stage.Web());
        await stage.Time.UntilAsync(() => supervisor.Report.Phase == InstancePhase.Run, TimeSpan.FromMilliseconds(1));
        Assert.InRange(stage.Time.Elapsed.TotalMilliseconds, 400, 480);
    }

    [Fact]
    public async Task Says_why_it_is_not_in_Run_yet()
    {
        await using var stage = new Stage();
        stage.Prober.Answer = _ => new ProbeResult(false, "GET /healthz answered 503");
        var supervisor = stage.Create(Stage.Web());
        await stage.Time.UntilAsync(() => supervisor.Report.Reason is not null);
        Assert.Equal(InstancePhase.Ready, supervisor.Report.Phase);
        Assert.Equal("GET /healthz answered 503", supervisor.Report.Reason);
        Assert.Equal(["first", "last"], supervisor.Report.LogTail);
        stage.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(InstancePhase.Ready, supervisor.Report.Phase);
    }

    [Fact]
    public async Task What_cannot_be_launched_has_failed_and_gives_everything_back()
    {
        await using var stage = new Stage();
        stage.Runtime.BeforeStart = _ => throw new LaunchException("there is no program 'web'");
        var supervisor = stage.Create(Stage.Web());
        await stage.Time.UntilAsync(() => supervisor.Report.Stopped);
        Assert.Equal(InstancePhase.Failed, supervisor.Report.Phase);
        Assert.Equal("there is no program 'web'", supervisor.Report.Reason);
        Assert.Empty(stage.Ports.Taken);
        await Until.HoldsAsync(() => stage.OnDisk("web-1")!.Stopped, "it is written down");
    }

    [Fact]
    public async Task A_reference_that_leads_nowhere_is_named()
    {
        await using var stage = new Stage();
        var supervisor = stage.Create(Stage.Web() with { Env = ImmutableSortedDictionary<string, string>.Empty.Add("KEY", "${secret.missing}") });
        await stage.Time.UntilAsync(() => supervisor.Report.Stopped);
        Assert.Contains("missing", supervisor.Report.Reason);
        Assert.Empty(stage.Ports.Taken);
        Assert.Empty(stage.Runtime.Launches);
    }

    [Fact]
    public async Task A_corrupt_artifact_is_the_reason()
    {
        await using var stage = new Stage();
        stage.Artifacts.Answer = _ => throw new ArtifactException("sha256:ab is corrupt");
        var supervisor = stage.Create(Stage.Web() with { Run = new RunSpec { Command = ["web"], Digest = "sha256:ab" } });
        await stage.Time.UntilAsync(() => supervisor.Report.Stopped);
        Assert.Equal((InstancePhase.Failed, "sha256:ab is corrupt"), (supervisor.Report.Phase, supervisor.Report.Reason));
    }

    [Fact]
    public async Task An_artifact_that_cannot_be_fetched_now_is_waited_for()
    {
        await using var stage = new Stage();
        var content = Directory.CreateDirectory(Path.Combine(stage.Folder, "content")).FullName;
        File.WriteAllText(Path.Combine(content, "web.dll"), "x");
        var asked = 0;
        stage.Artifacts.Answer = _ => ++asked < 4 ? throw new ServerUnreachableException("cannot reach the server") : Task.FromResult(content);
        var supervisor = await stage.RunAsync(Stage.Web() with { Run = new RunSpec { Command = ["web"], Digest = "sha256:ab" } });
        Assert.Equal(4, asked);
        Assert.True(File.Exists(Path.Combine(stage.Folder, "instances/shop/web-1/work/web.dll")));
    }

    [Fact]
    public async Task An_exit_is_Failed_with_code_time_and_log()
    {
        await using var stage = new Stage();
        var supervisor = await stage.RunAsync(Stage.Web());
        var started = supervisor.Report.StartedAt!.Value;
        stage.Time.Advance(started + TimeSpan.FromSeconds(12) - stage.Time.GetUtcNow());
        stage.Runtime.Last.Exit(3);
        await Until.HoldsAsync(() => supervisor.Report.Stopped, "it is stopped");
        Assert.Equal(InstancePhase.Failed, supervisor.Report.Phase);
        Assert.Equal("exited with code 3 after 12s", supervisor.Report.Reason);
        Assert.Equal(3, supervisor.Report.ExitCode);
        Assert.Equal(["first", "last"], supervisor.Report.LogTail);
        Assert.Equal([("SIGKILL", TimeSpan.Zero)], stage.Runtime.Last.Stops);
        Assert.Empty(stage.Ports.Taken);
        Assert.Contains("shop/web-1", stage.Upstreams.Closed);
    }

    [Theory]
    [InlineData(137, 9, "killed by SIGKILL after ", ": it reached its memory limit of 64Mi")]
    [InlineData(1, null, "exited with code 1 after ", "; a process of it was killed, as it reached its memory limit of 64Mi")]
    public async Task An_end_for_memory_names_the_limit(int code, int? signal, string begins, string ends)
    {
        await using var stage = new Stage();
        var supervisor = await stage.RunAsync(Stage.Web() with { Resources = new ResourceSpec { Limits = new LimitSpec { Memory = ByteSize.FromMebibytes(64) } } });
        stage.Runtime.Last.KilledForMemory = true;
        stage.Runtime.Last.Exit(code, signal);
        await Until.HoldsAsync(() => supervisor.Report.Stopped, "it is stopped");
        Assert.StartsWith(begins, supervisor.Report.Reason);
        Assert.EndsWith(ends, supervisor.Report.Reason);
    }

    [Fact]
    public async Task A_kill_is_named()
    {
        await using var stage = new Stage();
        var supervisor = await stage.RunAsync(Stage.Web());
        stage.Runtime.Last.Exit(137, 9);
        await Until.HoldsAsync(() => supervisor.Report.Stopped, "it is stopped");
        Assert.StartsWith("killed by SIGKILL after ", supervisor.Report.Reason);
        Assert.Equal(137, supervisor.Report.ExitCode);
    }

    [Fact]
    public async Task Failures_in_a_row_end_it_and_name_the_probe()
    {
        await using var stage = new Stage();
        var supervisor = await stage.RunAsync(Stage.Web());
        stage.Prober.Answer = _ => new ProbeResult(false, "GET /healthz answered 500");
        await stage.Time.UntilAsync(() => supervisor.Report.Stopped, TimeSpan.FromMilliseconds(100));
        Assert.Equal(InstancePhase.Failed, supervisor.Report.Phase);
        Assert.Equal("failed its health check 3 times in a row: GET /healthz answered 500", supervisor.Report.Reason);
        Assert.Equal(("SIGTERM", TimeSpan.FromSeconds(60)), Assert.Single(stage.Runtime.Last.Stops));
    }

    [Fact]
    public async Task A_probe_that_passes_in_between_forgives()
    {
        await using var stage = new Stage();
        var supervisor = await stage.RunAsync(Stage.Web());
        var asked = stage.Prober.Asked;
        stage.Prober.Answer = _ => new ProbeResult((stage.Prober.Asked - asked) % 3 == 0, "no");
        await stage.Time.UntilAsync(() => stage.Prober.Asked > asked + 20, TimeSpan.FromMilliseconds(100));
        Assert.Equal(InstancePhase.Run, supervisor.Report.Phase);
    }

    [Fact]
    public async Task Without_a_check_it_is_probed_until_it_passes_once()
    {
        await using var stage = new Stage();
        var supervisor = await stage.RunAsync(Stage.Web() with { Health = null });
        var asked = stage.Prober.Asked;
        stage.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(asked, stage.Prober.Asked);
        Assert.Equal(InstancePhase.Run, supervisor.Report.Phase);
    }

    [Fact]
    public async Task A_probe_that_breaks_the_agent_fails_the_instance_only()
    {
        await using var stage = new Stage();
        stage.Prober.Answer = _ => throw new InvalidOperationException("broken");
        var supervisor = stage.Create(Stage.Web());
        await stage.Time.UntilAsync(() => supervisor.Report.Stopped);
        Assert.Equal("the agent could not go on with it: broken", supervisor.Report.Reason);
        Assert.Single(stage.Runtime.Last.Stops);
    }

    [Fact]
    public async Task A_use_is_measured_while_it_runs()
    {
        await using var stage = new Stage();
        var supervisor = await stage.RunAsync(Stage.Web());
        stage.Runtime.Last.Use = new NodeCapacity(new(5), new(6));
        Assert.Equal(stage.Runtime.Last.Use, supervisor.Measure());
        stage.Runtime.Last.Exit(0);
        await Until.HoldsAsync(() => supervisor.Report.Stopped, "it is stopped");
        Assert.Null(supervisor.Measure());
    }
}
