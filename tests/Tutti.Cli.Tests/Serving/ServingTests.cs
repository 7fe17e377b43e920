using Tutti.Cli.Client;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Tests.Fakes;

namespace Tutti.Cli.Tests.Serving;

public sealed class ServingTests
{
    [Fact]
    public async Task A_server_is_recorded_while_it_runs_and_leaves_instances_alone()
    {
        await using var canned = await FakeServer.StartAsync();
        var serving = new FakeServing(canned);
        using var run = new CliRun();
        run.Rooms = run.Rooms with { Serving = serving };
        var running = run.RunAsync("server", "--listen", "0.0.0.0:7421", "--dns", "127.0.0.1:0");
        await CliRun.UntilAsync(() => run.Out.Contains("join nodes with", StringComparison.Ordinal), "it runs");
        Assert.Equal("server", ServerRecord.Read(run.Data)!.Mode);
        Assert.Equal(("http://0.0.0.0:7421", "127.0.0.1:0"), (serving.ServerOptions!.Listen, serving.ServerOptions.Dns));
        run.Interrupts.Raise();
        Assert.Equal(ExitCode.Done, await running);
        Assert.Equal(["server", "server ends"], serving.Story);
        Assert.Null(ServerRecord.Read(run.Data));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("0", false)]
    [InlineData("1", true)]
    public async Task A_test_can_switch_the_choice_by_version_off(string? value, bool any)
    {
        await using var canned = await FakeServer.StartAsync();
        var serving = new FakeServing(canned);
        using var run = new CliRun();
        run.Rooms = run.Rooms with { Serving = serving };
        if (value is not null)
        {
            run.Environment["TUTTI_TEST_ROUTE_ANY_VERSION"] = value;
        }

        var running = run.RunAsync("agent", "--join", "10.0.0.1:7420", "--token", "t");
        await CliRun.UntilAsync(() => serving.AgentOptions is not null, "it runs");
        Assert.Equal(any, serving.AgentOptions!.RouteAnyVersion);
        run.Interrupts.Raise();
        Assert.Equal(ExitCode.Done, await running);
    }

    [Fact]
    public async Task An_agent_takes_every_option()
    {
        await using var canned = await FakeServer.StartAsync();
        var serving = new FakeServing(canned);
        using var run = new CliRun();
        run.Rooms = run.Rooms with { Serving = serving };
        var running = run.RunAsync(
            "agent", "--join", "10.0.0.1:7420", "--token", "t", "--name", "b", "--label", "zone=b", "--label", "disk=", "--address", "10.0.0.2",
            "--cpu", "1500m", "--memory", "2Gi", "--ports", "21000-21999");
        await CliRun.UntilAsync(() => run.Out.Contains("node here of http://10.0.0.1:7420", StringComparison.Ordinal), "it runs");
        var options = serving.AgentOptions!;
        Assert.Equal((Path.Combine(run.Data, "agent"), "http://10.0.0.1:7420", "t", "b"), (options.DataFolder, options.Server, options.Token, options.Name));
        Assert.Equal(("b", "", "10.0.0.2"), (options.Labels["zone"], options.Labels["disk"], options.Address));
        Assert.Equal((1500, 2L << 30), (options.Capacity!.Cpu.Millis, options.Capacity.Memory.Bytes));
        Assert.Equal((21000, 21999), options.Ports);
        run.Interrupts.Raise();
        Assert.Equal(ExitCode.Done, await running);
        Assert.Equal(["agent", "agent ends"], serving.Story);
    }

    [Fact]
    public async Task An_agent_without_a_server_has_exit_code_3()
    {
        using var run = new CliRun();
        Assert.Equal(ExitCode.NoServer, await run.RunAsync("agent", "--token", "t"));
        Assert.Equal("error: no server is named; name it with --join URL\n", run.Error);
    }
}
