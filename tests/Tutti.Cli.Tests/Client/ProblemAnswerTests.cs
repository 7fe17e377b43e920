using Tutti.Cli.CommandLine;
using Tutti.Cli.Tests.Fakes;

namespace Tutti.Cli.Tests.Client;

public sealed class ProblemAnswerTests
{
    [Theory]
    [InlineData(404, ExitCode.BadInput)]
    [InlineData(400, ExitCode.BadInput)]
    [InlineData(422, ExitCode.BadInput)]
    [InlineData(409, ExitCode.Failed)]
    [InlineData(503, ExitCode.Failed)]
    public async Task Problem_details_become_one_message(int status, int expected)
    {
        await using var server = (await FakeServer.StartAsync()).WithDocuments();
        server.On("POST /api/architectures/shop/services/web/restart", _ =>
            (status, """{"type":"tutti:x","title":"No","status":1,"detail":"there is no service 'web'; did you mean 'wep'?","instance":"/x"}"""));
        var outcome = await CliRun.AgainstAsync(server, "restart", "web");
        Assert.Equal(expected, outcome.Code);
        Assert.Equal("error: there is no service 'web'; did you mean 'wep'?\n", outcome.Error);
        Assert.Empty(outcome.Out);
    }

    [Fact]
    public async Task An_answer_that_is_no_problem_details_shows_its_status()
    {
        await using var server = await FakeServer.StartAsync();
        server.On("GET /api/nodes", _ => (502, "<html>bad gateway</html>"));
        var outcome = await CliRun.AgainstAsync(server, "nodes");
        Assert.Equal(ExitCode.Failed, outcome.Code);
        Assert.Equal($"error: {server.Url}/api/nodes answered 502 Bad Gateway: <html>bad gateway</html>\n", outcome.Error);
    }

    [Fact]
    public async Task A_refused_token_says_where_it_comes_from()
    {
        await using var server = await FakeServer.StartAsync();
        server.On("GET /api/nodes", _ => (401, """{"detail":"a token is needed"}"""));
        var outcome = await CliRun.AgainstAsync(server, "nodes");
        Assert.Equal(ExitCode.BadInput, outcome.Code);
        Assert.Equal("error: a token is needed (the token is read from the data folder; name it with --data DIR)\n", outcome.Error);
    }

    [Fact]
    public async Task Nonsense_is_no_crash()
    {
        await using var server = await FakeServer.StartAsync();
        server.On("GET /api/nodes", _ => (200, "[{\"name\":1}]"));
        var outcome = await CliRun.AgainstAsync(server, "nodes");
        Assert.Equal(ExitCode.Failed, outcome.Code);
        Assert.Contains("with something else than expected", outcome.Error, StringComparison.Ordinal);
    }
}
