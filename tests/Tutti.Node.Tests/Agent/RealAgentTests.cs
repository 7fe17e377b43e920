using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Tutti.Model;
using Tutti.Model.Agents;
using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest;
using Tutti.Node.Agent;
using Tutti.Node.Tests.Instances;
using Tutti.Node.Tests.Protocol;

namespace Tutti.Node.Tests.Agent;

/// <summary>A whole agent with real parts: processes, probes, ports, HTTP.</summary>
public sealed class RealAgentTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<NodeReport> _reports = new();
    private readonly Channel<AssignmentEvent> _said = Channel.CreateUnbounded<AssignmentEvent>();

    public async ValueTask DisposeAsync()
    {
        await AgentHost.StopAllAsync(_folder.Path);
        _folder.Dispose();
    }

    [Fact]
    public async Task Runs_reports_survives_its_own_end_and_stops()
    {
        await using var server = await FakeHttpServer.StartAsync(AnswerAsync);
        var options = new AgentOptions { DataFolder = _folder.Path, Server = server.Url, Token = "t", Name = "node-1", Ports = (26000, 26999) };
        var sleeper = Sleeper("sleeper-1");
        int pid;
        await using (await AgentHost.StartAsync(options))
        {
            await SayAsync(new AssignmentEvent { Revision = 1, Snapshot = true, Assigned = [sleeper] });
            pid = (await HeardAsync(i => i.Phase == InstancePhase.Run)).Pid!.Value;
            var e = await Assert.ThrowsAsync<AgentStartException>(() => AgentHost.StartAsync(options));
            Assert.Contains($"pid {Environment.ProcessId}", e.Message);
        }

        Assert.True(Directory.Exists($"/proc/{pid}"));
        _reports.Clear();
        await using (await AgentHost.StartAsync(options))
        {
            Assert.Equal(pid, (await HeardAsync(i => i.Phase == InstancePhase.Run)).Pid);
            await SayAsync(new AssignmentEvent { Revision = 2, Snapshot = true, Assigned = [sleeper with { Goal = AssignmentGoal.Stop }] });
            Assert.Equal(143, (await HeardAsync(i => i is { Phase: InstancePhase.Destroy, Stopped: true })).ExitCode ?? 143);
            Assert.False(Directory.Exists($"/proc/{pid}"));
        }
    }

    [Fact]
    public async Task A_killed_instance_is_reported_at_once()
    {
        await using var server = await FakeHttpServer.StartAsync(AnswerAsync);
        var options = new AgentOptions { DataFolder = _folder.Path, Server = server.Url, Token = "t", Name = "node-1", Ports = (27000, 27999) };
        await using var agent = await AgentHost.StartAsync(options);
        await SayAsync(new AssignmentEvent { Revision = 1, Snapshot = true, Assigned = [Sleeper("sleeper-2")] });
        var pid = (await HeardAsync(i => i.Phase == InstancePhase.Run)).Pid!.Value;
        using (var process = Process.GetProcessById(pid))
        {
            process.Kill();
        }

        var failed = await HeardAsync(i => i is { Phase: InstancePhase.Failed, Stopped: true });
        Assert.StartsWith("killed by SIGKILL after ", failed.Reason);
        Assert.Equal(137, failed.ExitCode);
        Assert.Equal(["hello"], failed.LogTail);
    }

    private static Assignment Sleeper(string id) => Stage.Web() with
    {
        Instance = id,
        Run = new RunSpec { Command = ["sh", "-c", "echo hello; sleep 300 & wait"] },
        Ports = System.Collections.Immutable.ImmutableSortedDictionary<string, PortSpec>.Empty,
        Health = new HealthSpec { Exec = ["test", "-d", "."] },
        Stop = new StopSpec { Grace = TimeSpan.FromSeconds(5) },
    };

    private async Task SayAsync(AssignmentEvent said) => await _said.Writer.WriteAsync(said);

    private async Task<InstanceReport> HeardAsync(Func<InstanceReport, bool> which)
    {
        await Until.HoldsAsync(() => _reports.Any(r => r.Instances.Any(which)), "the server hears of it: " + string.Join('\n', _reports.SelectMany(r => r.Instances)));
        return _reports.SelectMany(r => r.Instances).First(which);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        switch (context.Request.Path.Value!.Split('/')[^1])
        {
            case "register":
                await context.Response.WriteAsJsonAsync(
                    new RegistrationReply { ClusterId = "c", Lease = TimeSpan.FromSeconds(10), Heartbeat = TimeSpan.FromSeconds(2) }, TuttiJson.Options);
                break;
            case "report":
                _reports.Enqueue((await context.Request.ReadFromJsonAsync<NodeReport>(TuttiJson.Options))!);
                await context.Response.WriteAsJsonAsync(new ReportReply { Known = true }, TuttiJson.Options);
                break;
            default:
                await FakeHttpServer.SendAsync(context, ": hello\n\n");
                await foreach (var said in _said.Reader.ReadAllAsync(context.RequestAborted))
                {
                    await FakeHttpServer.SendAsync(context, $"id: {said.Revision}\nevent: assignments\ndata: {JsonSerializer.Serialize(said, TuttiJson.Options)}\n\n");
                }

                break;
        }
    }
}
