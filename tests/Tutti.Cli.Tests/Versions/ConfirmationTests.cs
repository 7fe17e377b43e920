using Tutti.Cli.CommandLine;
using Tutti.Cli.Tests.Fakes;

namespace Tutti.Cli.Tests.Versions;

public sealed class ConfirmationTests
{
    [Fact]
    public async Task Where_nobody_can_answer_yes_is_needed()
    {
        await using var server = (await FakeServer.StartAsync()).WithDocuments();
        var outcome = await CliRun.AgainstAsync(server, "destroy");
        Assert.Equal(ExitCode.BadInput, outcome.Code);
        Assert.Contains("confirm with --yes", outcome.Error, StringComparison.Ordinal);
        Assert.All(server.Calls, call => Assert.StartsWith("GET ", call, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("y\n", ExitCode.Done)]
    [InlineData("n\n", ExitCode.Failed)]
    [InlineData("\n", ExitCode.Failed)]
    [InlineData("", ExitCode.Failed)]
    public async Task A_person_is_asked(string typed, int expected)
    {
        await using var server = (await FakeServer.StartAsync()).WithDocuments();
        server.On("DELETE /api/architectures/shop", Documents.Change());
        using var run = new CliRun { CanAsk = true, Typed = typed };
        Assert.Equal(expected, await run.RunAsync("destroy", "--server", server.Url));
        Assert.StartsWith("Take down every service of shop? [y/N] ", run.Error, StringComparison.Ordinal);
        Assert.Equal(expected == ExitCode.Done, server.Calls.Contains("DELETE /api/architectures/shop?author=ada"));
    }

    [Fact]
    public async Task Several_architectures_are_named()
    {
        await using var server = (await FakeServer.StartAsync()).WithDocuments();
        server.On("GET /api/architectures", new[] { Documents.Architecture("shop-staging"), Documents.Architecture(), Documents.Architecture("old", destroyed: true) });
        var outcome = await CliRun.AgainstAsync(server, "ps");
        Assert.Equal(ExitCode.BadInput, outcome.Code);
        Assert.Equal("error: there are several architectures (shop, shop-staging); say which with --architecture NAME\n", outcome.Error);
        Assert.Equal(ExitCode.Done, (await CliRun.AgainstAsync(server, "ps", "-a", "shop")).Code);
    }

    [Fact]
    public async Task Without_an_architecture_apply_is_suggested()
    {
        await using var server = await FakeServer.StartAsync();
        server.On("GET /api/architectures", Array.Empty<string>());
        var outcome = await CliRun.AgainstAsync(server, "restart", "web");
        Assert.Equal((ExitCode.BadInput, "error: nothing has been applied yet; apply a manifest with 'tutti apply FILE'\n"), (outcome.Code, outcome.Error));
    }

    [Fact]
    public async Task Listing_the_services_of_nothing_is_no_mistake()
    {
        await using var server = await FakeServer.StartAsync();
        server.On("GET /api/architectures", Array.Empty<string>());
        var outcome = await CliRun.AgainstAsync(server, "ps");
        Assert.Equal((ExitCode.Done, "", "nothing has been applied yet; apply a manifest with 'tutti apply FILE'\n"), (outcome.Code, outcome.Out, outcome.Error));
        outcome = await CliRun.AgainstAsync(server, "ps", "-o", "json");
        Assert.Equal((ExitCode.Done, "[]\n", ""), (outcome.Code, outcome.Out, outcome.Error));
    }
}
