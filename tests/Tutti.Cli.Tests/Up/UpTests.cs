using System.Text.Json;
using Tutti.Cli.Client;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Serving;
using Tutti.Cli.Tests.Fakes;
using Tutti.Control.State;
using Tutti.Model.Lifecycle;

namespace Tutti.Cli.Tests.Up;

public sealed class UpTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly CliRun _run = new();

    public void Dispose()
    {
        _run.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Up_stays_until_ctrl_c_which_takes_everything_down_in_order()
    {
        await using var server = await FakeServer.StartAsync();
        var (serving, running) = Start(server);
        await SettledAsync();
        var record = ServerRecord.Read(_run.Data)!;
        Assert.Equal((Environment.ProcessId, server.Url, "up"), (record.Pid, record.Url, record.Mode));
        Assert.Equal(new FolderLock.Holder(Environment.ProcessId, "up"), FolderLock.HolderOf(_run.Data));
        _run.Interrupts.Raise();
        Assert.Equal(ExitCode.Done, await running);
        Assert.Equal(["server", "agent", "destroy shop", "agent ends", "server ends"], serving.Story);
        Assert.Contains("shop runs as asked: 2 services, version set 2, after ", _run.Out, StringComparison.Ordinal);
        Assert.EndsWith("everything is down\n", _run.Out, StringComparison.Ordinal);
        Assert.Null(ServerRecord.Read(_run.Data));
        Assert.Null(FolderLock.HolderOf(_run.Data));
    }

    [Fact]
    public async Task A_second_ctrl_c_stops_everything_at_once()
    {
        await using var server = await FakeServer.StartAsync();
        var (serving, running) = Start(server, new FakeServing(server) { Stops = false, Leftovers = 3 });
        await SettledAsync();
        _run.Interrupts.Raise();
        await CliRun.UntilAsync(() => _run.Out.Contains("1 instance left", StringComparison.Ordinal), "it takes everything down");
        _run.Interrupts.Raise();
        Assert.Equal(ExitCode.Failed, await running);
        Assert.Equal(["server", "agent", "destroy shop", "agent ends", "server ends", "stop all in agent at once"], serving.Story);
        Assert.EndsWith("3 instances stopped at once\n", _run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_operation_ends_the_start_up_with_its_reason_and_up_stays()
    {
        await using var server = await FakeServer.StartAsync();
        var serving = new FakeServing(server);
        var (_, running) = Start(server, serving, () =>
        {
            server.On("GET /api/operations", new[] { Documents.Operation(state: OperationState.Failed, reason: "exit code 3") });
            server.On("GET /api/architectures/shop/services", new[] { Documents.Service("web", ServiceStatus.Failed) });
        });
        await SettledAsync();
        Assert.False(running.IsCompleted);
        Assert.Contains("web: Update 1.1.0 → 1.2.0 failed: exit code 3\n", _run.Error, StringComparison.Ordinal);
        _run.Interrupts.Raise();
        Assert.Equal(ExitCode.Failed, await running);
    }

    [Fact]
    public async Task Changes_are_shown_while_it_stays()
    {
        await using var server = await FakeServer.StartAsync();
        var (_, running) = Start(server);
        await SettledAsync();
        await CliRun.UntilAsync(() => server.Calls.Count(call => call.EndsWith("/services", StringComparison.Ordinal)) > 1, "it watches");
        server.On("GET /api/architectures/shop/services", new[] { Documents.Service("cart"), Documents.Service() with { Health = ServiceHealth.Degraded, Healthy = 1 } });
        await CliRun.UntilAsync(() => _run.Out.Contains("12:00:00 web Healthy → Degraded (1 of 2 in Run)\n", StringComparison.Ordinal), "the change is shown");
        _run.Interrupts.Raise();
        Assert.Equal(ExitCode.Done, await running);
    }

    [Fact]
    public async Task A_server_that_ends_by_itself_ends_up_and_says_what_stays()
    {
        await using var server = await FakeServer.StartAsync();
        var (serving, running) = Start(server);
        await SettledAsync();
        serving.ServerEnd.SetException(new IOException("the disk is full"));
        Assert.Equal(ExitCode.Failed, await running);
        Assert.EndsWith(
            "1 instance keep running; the next 'tutti up' takes them over, 'tutti down' ends them\nerror: it ended by itself: the disk is full\n",
            _run.Error,
            StringComparison.Ordinal);
        Assert.DoesNotContain("destroy shop", serving.Story);
    }

    [Fact]
    public async Task A_server_that_cannot_start_leaves_nothing_behind()
    {
        await using var server = await FakeServer.StartAsync();
        var (serving, running) = Start(server, new FakeServing(server) { ServerRefusal = "port 7420 is in use; choose another with --listen" });
        Assert.Equal(ExitCode.Failed, await running);
        Assert.Equal("error: port 7420 is in use; choose another with --listen\n", _run.Error);
        Assert.Empty(serving.Story);
        Assert.Null(ServerRecord.Read(_run.Data));
        Assert.Null(FolderLock.HolderOf(_run.Data));
    }

    [Fact]
    public async Task A_bad_manifest_starts_nothing()
    {
        await using var server = await FakeServer.StartAsync();
        var serving = new FakeServing(server);
        _run.Rooms = _run.Rooms with { Serving = serving };
        Assert.Equal(ExitCode.BadInput, await _run.RunAsync("up", _folder.Write("m.yaml", "error wrong")));
        Assert.Empty(serving.Story);
        Assert.False(Directory.Exists(_run.Data));
    }

    [Fact]
    public async Task Ctrl_c_during_the_start_up_takes_everything_down()
    {
        await using var server = await FakeServer.StartAsync();
        var (serving, running) = Start(server, prepare: () =>
            server.On("GET /api/architectures/shop/services", new[] { Documents.Service("web", ServiceStatus.Provision) }));
        await CliRun.UntilAsync(() => _run.Out.Contains("web Provision", StringComparison.Ordinal), "it is starting up");
        _run.Interrupts.Raise();
        Assert.Equal(ExitCode.Interrupted, await running);
        Assert.Contains("destroy shop", serving.Story);
    }

    [Fact]
    public async Task Options_reach_server_and_agent()
    {
        await using var server = await FakeServer.StartAsync();
        var (serving, running) = Start(server, args: ["--listen", "127.0.0.1:0", "--dns", "off", "--allow-gap"]);
        await SettledAsync();
        _run.Interrupts.Raise();
        await running;
        Assert.Equal((_run.Data, "http://127.0.0.1:0", null), (serving.ServerOptions!.DataFolder, serving.ServerOptions.Listen, serving.ServerOptions.Dns));
        Assert.Equal((Path.Combine(_run.Data, "agent"), server.Url, "secret"), (serving.AgentOptions!.DataFolder, serving.AgentOptions.Server, serving.AgentOptions.Token));
        Assert.Contains("\"allowGap\":true", server.Requests.Single(request => request.Call == "POST /api/apply").Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_terminal_the_table_is_redrawn()
    {
        await using var server = await FakeServer.StartAsync();
        using var run = new CliRun { Live = true, Colors = true, Width = 100 };
        run.Rooms = run.Rooms with { Serving = new FakeServing(server) };
        var running = run.RunAsync("up", _folder.Write("m.yaml", "web"));
        await CliRun.UntilAsync(() => run.Out.Contains("Ctrl-C takes everything down", StringComparison.Ordinal), "the start-up has ended");
        run.Interrupts.Raise();
        Assert.Equal(ExitCode.Done, await running);
        Assert.Contains("SERVICE", run.Out, StringComparison.Ordinal);
        Assert.Contains("\e[", run.Out, StringComparison.Ordinal);
    }

    private (FakeServing Serving, Task<int> Running) Start(
        FakeServer server, FakeServing? serving = null, Action? prepare = null, params string[] args)
    {
        serving ??= new FakeServing(server);
        _run.Rooms = _run.Rooms with { Serving = new Preparing(serving, prepare) };
        return (serving, Task.Run(() => _run.RunAsync(["up", _folder.Write("m.yaml", "web\ncart"), .. args])));
    }

    private Task SettledAsync() =>
        CliRun.UntilAsync(() => _run.Out.Contains("Ctrl-C takes everything down", StringComparison.Ordinal), "the start-up has ended");

    /// <summary>Changes the canned documents once the server has "started".</summary>
    private sealed class Preparing(FakeServing inner, Action? prepare) : IServing
    {
        public async Task<IRunningServer> StartServerAsync(Server.ServerOptions options, CancellationToken cancellation)
        {
            var server = await inner.StartServerAsync(options, cancellation);
            prepare?.Invoke();
            return server;
        }

        public Task<IRunningAgent> StartAgentAsync(Node.Agent.AgentOptions options, CancellationToken cancellation) =>
            inner.StartAgentAsync(options, cancellation);

        public Task<int> StopAllAsync(string agentFolder, bool atOnce, CancellationToken cancellation) => inner.StopAllAsync(agentFolder, atOnce, cancellation);
    }
}
