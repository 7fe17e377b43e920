using Tutti.Cli.CommandLine;
using Tutti.Cli.Tests.Fakes;

namespace Tutti.Cli.Tests.Nodes;

public sealed class DrainTests
{
    [Theory]
    [InlineData("drain a", true, """{"draining":true}""", "a is being drained; follow it with 'tutti nodes'\n")]
    [InlineData("drain a", false, """{"draining":true}""", "a is drained already\n")]
    [InlineData("drain a --undo", true, """{"draining":false}""", "a takes instances again\n")]
    [InlineData("drain a --undo", false, """{"draining":false}""", "a is not drained\n")]
    public async Task Drain_and_undo(string line, bool changed, string body, string said)
    {
        await using var server = await FakeServer.StartAsync();
        server.On("POST /api/nodes/a/drain", Documents.Change(set: null, changed));
        var outcome = await CliRun.AgainstAsync(server, line.Split(' '));
        Assert.Equal((ExitCode.Done, said), (outcome.Code, outcome.Out));
        Assert.Equal(("POST /api/nodes/a/drain?author=ada", body), (server.Requests.Single().Call, server.Requests.Single().Body));
    }

    [Fact]
    public async Task Who_stays_is_named()
    {
        await using var server = await FakeServer.StartAsync();
        server.On("POST /api/nodes/a/drain", Documents.Change(set: null) with { Notes = ["db-0 keeps its volumes on a and stays while the node drains"] });
        var outcome = await CliRun.AgainstAsync(server, "drain", "a");
        Assert.Equal("a is being drained; follow it with 'tutti nodes'\ndb-0 keeps its volumes on a and stays while the node drains\n", outcome.Out);
    }
}
