using Microsoft.AspNetCore.Http;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Tests.Fakes;

namespace Tutti.Cli.Tests.Instances;

public sealed class LogsTests
{
    [Fact]
    public async Task One_instance_is_printed_as_it_is()
    {
        await using var server = await StartAsync();
        var outcome = await CliRun.AgainstAsync(server, "logs", "web-1", "--tail", "20");
        Assert.Equal((ExitCode.Done, "hello from web-1\nbye\n", ""), (outcome.Code, outcome.Out, outcome.Error));
        Assert.Contains("GET /api/instances/shop/web-1/logs?tail=20", server.Calls);
    }

    [Fact]
    public async Task Instances_of_a_service_are_told_apart()
    {
        await using var server = await StartAsync();
        var outcome = await CliRun.AgainstAsync(server, "logs", "web");
        Assert.Equal("web-1 | hello from web-1\nweb-1 | bye\nweb-2 | hello from web-2\nweb-2 | bye\n", outcome.Out);
    }

    [Fact]
    public async Task Following_a_service_follows_its_replacements_until_ctrl_c()
    {
        await using var server = await StartAsync();
        using var run = new CliRun();
        var running = run.RunAsync("logs", "web", "-f", "--server", server.Url);
        await CliRun.UntilAsync(() => run.Out.Contains("web-2 | bye", StringComparison.Ordinal), "web-2 has said bye");
        server.On("GET /api/instances", new[] { Documents.Instance("web-3") });
        await CliRun.UntilAsync(() => run.Out.Contains("web-3 | bye", StringComparison.Ordinal), "web-3 has said bye");
        run.Interrupts.Raise();
        Assert.Equal(ExitCode.Done, await running);
        Assert.Equal(2, run.Out.Split("web-1 |").Length - 1);
    }

    [Fact]
    public async Task An_unknown_name_has_the_nearest()
    {
        await using var server = await StartAsync();
        var outcome = await CliRun.AgainstAsync(server, "logs", "crat");
        Assert.Equal(ExitCode.BadInput, outcome.Code);
        Assert.Equal("error: no instance runs that is named 'crat', nor one of a service of this name; did you mean 'cart'?\n", outcome.Error);
    }

    [Fact]
    public async Task A_name_in_two_architectures_is_refused()
    {
        await using var server = await StartAsync();
        server.On("GET /api/instances", new[] { Documents.Instance(), Documents.Instance() with { Architecture = "shop-staging" } });
        var outcome = await CliRun.AgainstAsync(server, "logs", "web");
        Assert.Equal(ExitCode.BadInput, outcome.Code);
        Assert.Contains("(shop, shop-staging)", outcome.Error, StringComparison.Ordinal);
    }

    private static async Task<FakeServer> StartAsync()
    {
        var server = (await FakeServer.StartAsync()).WithDocuments();
        foreach (var id in new[] { "web-1", "web-2", "web-3" })
        {
            server.On($"GET /api/instances/shop/{id}/logs", (context, _) => context.Response.WriteAsync($"hello from {id}\nbye\n"));
        }

        return server;
    }
}
