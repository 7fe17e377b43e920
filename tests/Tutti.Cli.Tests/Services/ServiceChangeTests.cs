using System.Text.Json;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Tests.Fakes;
using Tutti.Control.State;
using Tutti.Model;
using Tutti.Model.Lifecycle;
using Tutti.Server.Api;

namespace Tutti.Cli.Tests.Services;

public sealed class ServiceChangeTests
{
    [Theory]
    [InlineData("scale web 3", "scale", """{"min":3,"max":3}""", "web is being scaled to 3\n", "web is at 3 already\n")]
    [InlineData("scale web 2..6", "scale", """{"min":2,"max":6}""", "web is being scaled to 2..6\n", "web is at 2..6 already\n")]
    [InlineData("restart web", "restart", "", "web is being restarted\n", "web has nothing to restart\n")]
    [InlineData("pause web", "pause", "", "web is paused; go on with 'tutti unpause web'\n", "web is paused already\n")]
    [InlineData("unpause web", "unpause", "", "web goes on\n", "web is not paused\n")]
    [InlineData("resume web", "resume", "", "web is tried again\n", "web has not failed\n")]
    public async Task Each_change_is_one_post(string line, string verb, string body, string accepted, string already)
    {
        await using var server = (await FakeServer.StartAsync()).WithDocuments();
        var call = $"POST /api/architectures/shop/services/web/{verb}";
        server.On(call, Documents.Change());
        var outcome = await CliRun.AgainstAsync(server, line.Split(' '));
        Assert.Equal((ExitCode.Done, accepted, ""), (outcome.Code, outcome.Out, outcome.Error));
        var request = server.Requests.Single(request => request.Call == call + "?author=ada");
        Assert.Equal(body, request.Body);

        server.On(call, Documents.Change(changed: false));
        Assert.Equal(already, (await CliRun.AgainstAsync(server, line.Split(' '))).Out);
    }

    [Fact]
    public async Task Names_are_escaped()
    {
        await using var server = (await FakeServer.StartAsync()).WithDocuments();
        await CliRun.AgainstAsync(server, "restart", "a/b?c", "-a", "x y");
        Assert.Equal("POST /api/architectures/x y/services/a%2Fb?c/restart?author=ada", Uri.UnescapeDataString(server.Calls.Single().Replace("%2F", "%252F", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("scale web 3 --wait", "scale")]
    [InlineData("restart web --wait", "restart")]
    public async Task Waiting_ends_when_the_service_runs_as_asked_or_its_operation_failed(string line, string verb)
    {
        await using var server = (await FakeServer.StartAsync()).WithDocuments();
        server.On($"POST /api/architectures/shop/services/web/{verb}", Documents.Change());
        var looks = 0;
        server.On("GET /api/operations", _ => (200, JsonSerializer.Serialize(
            new[] { Documents.Operation(state: looks++ < 2 ? OperationState.Running : OperationState.Succeeded) }, TuttiJson.Options)));
        var outcome = await CliRun.AgainstAsync(server, line.Split(' '));
        Assert.Equal((ExitCode.Done, ""), (outcome.Code, outcome.Error));
        Assert.Contains("\nweb runs as asked after ", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("GET /api/operations?architecture=shop&service=web", server.Calls);

        server.On("GET /api/operations", new[] { Documents.Operation(state: OperationState.Failed, reason: "exit code 3") });
        outcome = await CliRun.AgainstAsync(server, line.Split(' '));
        Assert.Equal(
            (ExitCode.Failed, "web: Update 1.1.0 → 1.2.0 failed: exit code 3\nerror: web does not run as asked; see 'tutti history web'\n"),
            (outcome.Code, outcome.Error));
    }

    [Fact]
    public async Task Waiting_looks_at_no_other_service()
    {
        await using var server = (await FakeServer.StartAsync()).WithDocuments();
        server.On("GET /api/architectures/shop/services", new[] { Documents.Service("cart", ServiceStatus.Failed), Documents.Service() });
        server.On("POST /api/architectures/shop/services/web/restart", Documents.Change());
        Assert.Equal(ExitCode.Done, (await CliRun.AgainstAsync(server, "restart", "web", "--wait")).Code);
    }

    [Fact]
    public async Task Destroying_waits_until_nothing_runs()
    {
        await using var server = (await FakeServer.StartAsync()).WithDocuments();
        server.On("DELETE /api/architectures/shop", Documents.Change());
        var looks = 0;
        server.On("GET /api/instances", _ => (200, JsonSerializer.Serialize(looks++ == 0 ? [Documents.Instance()] : Array.Empty<InstanceDocument>(), TuttiJson.Options)));
        var outcome = await CliRun.AgainstAsync(server, "destroy", "--yes", "--wait");
        Assert.Equal((ExitCode.Done, ""), (outcome.Code, outcome.Error));
        Assert.Equal("shop is being taken down\n12:00:00 1 instance left\nshop is down\n", outcome.Out);
        Assert.Contains("GET /api/instances?architecture=shop", server.Calls);
    }
}
