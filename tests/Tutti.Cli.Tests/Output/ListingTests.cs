using System.Text.Json;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Tests.Fakes;
using Tutti.Model;
using Tutti.Model.Lifecycle;

namespace Tutti.Cli.Tests.Output;

public sealed class ListingTests
{
    public static TheoryData<string> EveryListing => ["ps", "instances", "history web", "operations", "events", "versions", "releases", "nodes"];

    [Theory]
    [MemberData(nameof(EveryListing))]
    public async Task Json_is_a_list_of_documents_and_nothing_else(string line)
    {
        await using var server = (await FakeServer.StartAsync()).WithDocuments();
        var outcome = await CliRun.AgainstAsync(server, [.. line.Split(' '), "-o", "json"]);
        Assert.Equal((ExitCode.Done, ""), (outcome.Code, outcome.Error));
        Assert.True(JsonDocument.Parse(outcome.Out).RootElement.GetArrayLength() > 0);
    }

    [Theory]
    [MemberData(nameof(EveryListing))]
    public async Task An_empty_list_is_an_empty_array_or_a_note_beside_the_data(string line)
    {
        await using var server = (await FakeServer.StartAsync()).WithDocuments();
        foreach (var path in new[] { "architectures/shop/services", "architectures/shop/services/web/history", "architectures/shop/sets", "architectures/shop/releases", "instances", "operations", "events", "nodes" })
        {
            server.On($"GET /api/{path}", Array.Empty<string>());
        }

        var json = await CliRun.AgainstAsync(server, [.. line.Split(' '), "-o", "json"]);
        Assert.Equal((ExitCode.Done, "[]\n", ""), (json.Code, json.Out, json.Error));
        var table = await CliRun.AgainstAsync(server, line.Split(' '));
        Assert.Equal((ExitCode.Done, ""), (table.Code, table.Out));
        Assert.NotEmpty(table.Error);
    }

    [Fact]
    public async Task Ps_json_is_stable()
    {
        await using var server = (await FakeServer.StartAsync()).WithDocuments();
        server.On("GET /api/architectures/shop/services", new[] { Documents.Service() });
        var outcome = await CliRun.AgainstAsync(server, "ps", "-o", "json");
        Assert.Equal(
            """
            [
              {
                "architecture": "shop",
                "service": "web",
                "version": "1.2.0",
                "status": "Run",
                "health": "Healthy",
                "desired": 2,
                "healthy": 2,
                "kind": "cattle",
                "criticality": "critical-plus",
                "since": "2026-03-01T11:55:00+00:00",
                "cause": "2 of 2 pass their health check",
                "set": 2,
                "paused": false,
                "running": {
                  "1.2.0": 2
                }
              }
            ]

            """,
            outcome.Out);
    }

    [Fact]
    public async Task Instances_json_is_stable()
    {
        await using var server = await FakeServer.StartAsync();
        server.On("GET /api/instances?service=web", new[] { Documents.Instance() });
        var outcome = await CliRun.AgainstAsync(server, "instances", "web", "-o", "json");
        Assert.Equal(
            """
            [
              {
                "id": "web-1",
                "architecture": "shop",
                "service": "web",
                "version": "1.2.0",
                "node": "a",
                "phase": "Run",
                "pid": 4711,
                "ports": {
                  "http": 20001
                },
                "address": "127.0.0.1",
                "set": 2,
                "attempt": 1,
                "since": "2026-03-01T11:55:00+00:00",
                "startedAt": "2026-03-01T11:55:00+00:00",
                "logTail": [],
                "used": {
                  "cpu": "120m",
                  "memory": "48Mi"
                }
              }
            ]

            """,
            outcome.Out);
    }

    [Fact]
    public async Task Nodes_json_is_stable()
    {
        await using var server = (await FakeServer.StartAsync()).WithDocuments();
        var outcome = await CliRun.AgainstAsync(server, "nodes", "-o", "json");
        Assert.Equal(
            """
            [
              {
                "name": "a",
                "state": "Ready",
                "labels": {
                  "zone": "a"
                },
                "capacity": {
                  "cpu": "2",
                  "memory": "4Gi"
                },
                "used": {
                  "cpu": "500m",
                  "memory": "256Mi"
                },
                "address": "127.0.0.1",
                "instances": 2,
                "since": "2026-03-01T11:55:00+00:00",
                "heardAt": "2026-03-01T11:59:59+00:00"
              }
            ]

            """,
            outcome.Out);
    }

    [Theory]
    [InlineData("ps", """
        SERVICE  VERSION  STATUS  HEALTH   INSTANCES  SINCE   NOTE
        cart     1.2.0    Run     Healthy  2/2        5m ago
        web      1.2.0    Run     Healthy  2/2        5m ago

        """)]
    [InlineData("nodes", """
        NAME  STATE  ADDRESS    INSTANCES  CPU     MEMORY         HEARD   LABELS
        a     Ready  127.0.0.1  2          500m/2  256 MiB/4 GiB  1s ago  zone=a

        """)]
    [InlineData("operations", """
        ID     SERVICE  KIND    STATE      SET  DONE  STARTED  TOOK  SUMMARY
        op-17  web      Update  Succeeded  2    2/2   5m ago   4s    1.1.0 → 1.2.0

        """)]
    [InlineData("history web", """
        TIME    KIND    ABOUT  CHANGE       CAUSE
        5m ago  Status  web    Ready → Run  2 of 2 pass their health check

        """)]
    [InlineData("versions", """
        SET           PARENT  AUTHOR  MADE    SERVICES   MESSAGE
        1             -       ada     5m ago  web@1.2.0  web 1.2
        2    current  1       ada     5m ago  web@1.2.0  web 1.2

        """)]
    [InlineData("releases", """
        SERVICE  VERSION  RECORDED  REVERSIBLE  SETS     RUNS  NODES  ACCEPTS
        web      1.3.0    5m ago    no          -        -     -      cart >=2.2 <3, tax * (optional)
        web      1.2.0    5m ago    yes         1-3, 7*  2/3   a,b    cart >=2.2 <3, tax * (optional)

        """)]
    [InlineData("instances", """
        ID      SERVICE  VERSION  NODE  PHASE  PID   PORTS       CPU   MEMORY  SINCE   REASON
        cart-1  cart     1.2.0    a     Run    4711  http:20001  120m  48 MiB  5m ago
        web-1   web      1.2.0    a     Run    4711  http:20001  120m  48 MiB  5m ago
        web-2   web      1.2.0    a     Run    4711  http:20001  120m  48 MiB  5m ago

        """)]
    public async Task Tables_are_aligned(string line, string expected)
    {
        await using var server = (await FakeServer.StartAsync()).WithDocuments();
        var outcome = await CliRun.AgainstAsync(server, line.Split(' '));
        Assert.Equal((ExitCode.Done, expected, ""), (outcome.Code, outcome.Out, outcome.Error));
    }

    [Fact]
    public async Task Ps_says_what_is_wrong()
    {
        await using var server = (await FakeServer.StartAsync()).WithDocuments();
        var failed = Documents.Service("db", ServiceStatus.Failed) with { Cause = "5 restarts within 10m", LastFailure = "exit code 3\nno such table" };
        var moving = Documents.Service("web", ServiceStatus.Update) with
        {
            Paused = true,
            Operation = Documents.Operation(),
            Running = Documents.Service().Running.Add("1.1.0", 1),
        };
        server.On("GET /api/architectures/shop/services", new[] { failed, moving, Documents.Service("tax") with { Version = null, External = "https://tax.example" } });
        var outcome = await CliRun.AgainstAsync(server, "ps");
        Assert.Equal(
            """
            SERVICE  VERSION           STATUS           HEALTH   INSTANCES  SINCE   NOTE
            db       1.2.0             Failed           Down     0/2        5m ago  5 restarts within 10m; exit code 3 no such table
            web      1.2.0 (1.1.0 ×1)  Update (paused)  Down     0/2        5m ago  1.1.0 → 1.2.0 (2/2)
            tax      external          Run              Healthy  -          5m ago  https://tax.example

            """,
            outcome.Out);
    }

    [Fact]
    public async Task A_note_says_nothing_twice_and_shows_the_end_of_a_log_only()
    {
        await using var server = (await FakeServer.StartAsync()).WithDocuments();
        const string exit = "db-0: exited with code 9; last lines of its log:\none\ntwo\nthree\nfour";
        var failed = Documents.Service("db", ServiceStatus.Failed) with { Cause = $"restarted 3 times; {exit}", LastFailure = exit };
        server.On("GET /api/architectures/shop/services", new[] { failed });
        var outcome = await CliRun.AgainstAsync(server, "ps");
        Assert.EndsWith("  restarted 3 times; db-0: exited with code 9; last lines of its log: … three four\n", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Colours_only_on_a_terminal()
    {
        await using var server = (await FakeServer.StartAsync()).WithDocuments();
        using var plain = new CliRun();
        await plain.RunAsync("ps", "--server", server.Url);
        Assert.DoesNotContain('\e', plain.Out);
        using var terminal = new CliRun { Live = true, Colors = true, Width = 120 };
        await terminal.RunAsync("ps", "--server", server.Url);
        Assert.Contains("\e[", terminal.Out, StringComparison.Ordinal);
        using var noColor = new CliRun { Live = true, Colors = false, Width = 120 };
        await noColor.RunAsync("ps", "--server", server.Url);
        Assert.DoesNotContain("\e[32m", noColor.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_reads_back_as_the_same_documents()
    {
        await using var server = (await FakeServer.StartAsync()).WithDocuments();
        var outcome = await CliRun.AgainstAsync(server, "operations", "-o", "json");
        var back = JsonSerializer.Deserialize<Control.State.Operation[]>(outcome.Out, TuttiJson.Options)!;
        Assert.Equal(JsonSerializer.Serialize(Documents.Operation(), TuttiJson.Options), JsonSerializer.Serialize(back.Single(), TuttiJson.Options));
    }
}
