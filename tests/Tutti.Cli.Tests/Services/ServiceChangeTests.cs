using Tutti.Cli.CommandLine;
using Tutti.Cli.Tests.Fakes;

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
}
