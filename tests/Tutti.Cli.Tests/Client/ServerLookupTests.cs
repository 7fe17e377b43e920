using Tutti.Cli.Client;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Tests.Fakes;

namespace Tutti.Cli.Tests.Client;

public sealed class ServerLookupTests
{
    public static TheoryData<string> EveryClientCommand =>
    [
        "ps", "instances", "logs web", "scale web 3", "restart web", "pause web", "unpause web", "resume web",
        "rollback --yes", "destroy --yes", "history web", "operations", "events", "versions", "nodes", "drain a",
    ];

    [Theory]
    [MemberData(nameof(EveryClientCommand))]
    public async Task Without_a_server_the_exit_code_is_3_and_the_message_says_how_to_start_one(string line)
    {
        using var run = new CliRun();
        Assert.Equal(ExitCode.NoServer, await run.RunAsync(line.Split(' ')));
        Assert.Equal(
            $"error: no server runs on {run.Data}; start one with 'tutti up FILE' or 'tutti server', or name one with --server URL\n", run.Error);
        Assert.Empty(run.Out);
    }

    [Fact]
    public async Task A_named_server_that_does_not_answer_is_named()
    {
        using var run = new CliRun();
        Assert.Equal(ExitCode.NoServer, await run.RunAsync("nodes", "--server", "127.0.0.1:1"));
        Assert.StartsWith("error: no server answers at 127.0.0.1:1; start one with", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_killed_server_is_told_from_one_that_was_never_started()
    {
        using var run = new CliRun();
        WriteRecord(run, "http://127.0.0.1:1");
        Assert.Equal(ExitCode.NoServer, await run.RunAsync("nodes"));
        Assert.StartsWith($"error: the server of {run.Data} (pid 4711) no longer runs; start one", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_of_the_data_folder_is_found_and_gets_the_token()
    {
        await using var server = (await FakeServer.StartAsync()).WithDocuments();
        using var run = new CliRun();
        WriteRecord(run, server.Url);
        File.WriteAllText(Path.Combine(run.Data, "token"), "secret\n");
        Assert.Equal(ExitCode.Done, await run.RunAsync("nodes"));
        Assert.Equal("Bearer secret", Assert.Single(server.Requests).Authorization);
    }

    [Fact]
    public async Task The_environment_names_server_and_data_folder()
    {
        await using var server = (await FakeServer.StartAsync()).WithDocuments();
        using var run = new CliRun();
        run.Environment["TUTTI_SERVER"] = server.Url;
        Assert.Equal(ExitCode.Done, await run.RunAsync("nodes"));

        using var other = new CliRun();
        WriteRecord(other, server.Url);
        run.Environment.Remove("TUTTI_SERVER");
        run.Environment["TUTTI_DATA"] = other.Data;
        Assert.Equal(ExitCode.Done, await run.RunAsync("nodes"));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_broken_record_is_named()
    {
        using var run = new CliRun();
        Directory.CreateDirectory(run.Data);
        File.WriteAllText(ServerRecord.PathIn(run.Data), "{");
        Assert.Equal(ExitCode.Failed, await run.RunAsync("nodes"));
        Assert.Contains("server.json", run.Error, StringComparison.Ordinal);
    }

    private static void WriteRecord(CliRun run, string url)
    {
        Directory.CreateDirectory(run.Data);
        new ServerRecord { Pid = 4711, Url = url, Started = CliRun.Now, Mode = "up" }.Write(run.Data);
    }
}
