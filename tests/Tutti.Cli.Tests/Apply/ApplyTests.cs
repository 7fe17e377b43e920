using System.Text.Json;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Tests.Fakes;
using Tutti.Control.State;
using Tutti.Model;
using Tutti.Model.Lifecycle;
using Tutti.Model.Problems;
using Tutti.Server.Api;

namespace Tutti.Cli.Tests.Apply;

public sealed class ApplyTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Missing_artifacts_are_built_once_packed_and_sent_then_the_manifest_is_applied()
    {
        await using var server = await StartAsync();
        var manifest = _folder.Write("m.yaml", "cart out/app sh build.sh\nweb out/app sh build.sh\nproxy ready\nplain");
        _folder.Write("build.sh", "echo x >> runs; mkdir -p out/app; echo made > out/app/program");
        _folder.Write("ready/conf", "c");
        var outcome = await CliRun.AgainstAsync(server, "apply", manifest, "-m", "first", "--no-wait");
        Assert.Equal((ExitCode.Done, "shop: version set 2 is accepted\n"), (outcome.Code, outcome.Out));
        Assert.Equal("x\n", File.ReadAllText(_folder.In("runs")));
        Assert.Contains("building out/app for service cart: sh build.sh\nbuilt out/app in ", outcome.Error, StringComparison.Ordinal);

        var puts = server.Requests.Where(request => request.Call.StartsWith("PUT ", StringComparison.Ordinal)).ToArray();
        Assert.Equal(["program=made", "conf=c"], puts.Select(put => put.Body));
        var request = Sent(server);
        Assert.Equal(("first", "ada", manifest), (request.Message, request.Author, request.File));
        Assert.Equal(File.ReadAllText(manifest), request.Manifest);
        Assert.Equal(["out/app", "ready"], request.Artifacts.Keys);
        Assert.Equal(puts.Select(put => put.Call["PUT /api/blobs/".Length..]), request.Artifacts.Values);
    }

    [Fact]
    public async Task What_the_server_has_is_not_sent_and_what_is_there_is_not_built()
    {
        await using var server = await StartAsync();
        var manifest = _folder.Write("m.yaml", "web app sh build.sh");
        _folder.Write("app/program", "old");
        var digest = (await FakeManifests.PackAsync(_folder.In("app"), _folder.In("packed"), default)).Digest;
        server.On($"HEAD /api/blobs/{digest}", (context, _) => Task.CompletedTask);
        var outcome = await CliRun.AgainstAsync(server, "apply", manifest, "--no-wait");
        Assert.Equal((ExitCode.Done, ""), (outcome.Code, outcome.Error));
        Assert.DoesNotContain(server.Calls, call => call.StartsWith("PUT ", StringComparison.Ordinal));
        Assert.Equal(digest, Sent(server).Artifacts["app"]);
    }

    [Fact]
    public async Task Build_is_run_anew_where_asked()
    {
        await using var server = await StartAsync();
        var manifest = _folder.Write("m.yaml", "web app sh build.sh");
        _folder.Write("app/program", "old");
        _folder.Write("build.sh", "echo new > app/program");
        Assert.Equal(ExitCode.Done, (await CliRun.AgainstAsync(server, "apply", manifest, "--build", "--no-wait")).Code);
        Assert.Contains(server.Requests, request => request.Body == "program=new");
    }

    [Fact]
    public async Task A_missing_artifact_without_a_build_command_is_bad_input_and_nothing_is_run_or_sent()
    {
        await using var server = await StartAsync();
        var manifest = _folder.Write("m.yaml", "cart other sh build.sh\nweb app\nzip app");
        _folder.Write("build.sh", "touch ran");
        var outcome = await CliRun.AgainstAsync(server, "apply", manifest);
        Assert.Equal(ExitCode.BadInput, outcome.Code);
        Assert.Equal(
            """
            service web: the artifact app is missing and the manifest has no build command for it
            service zip: the artifact app is missing and the manifest has no build command for it
            error: make it first, or give run.build the command that makes it; nothing was changed

            """,
            outcome.Error);
        Assert.Empty(server.Calls);
        Assert.False(File.Exists(_folder.In("ran")));
    }

    [Fact]
    public async Task A_failed_build_shows_its_output()
    {
        await using var server = await StartAsync();
        var manifest = _folder.Write("m.yaml", "web app sh build.sh");
        _folder.Write("build.sh", "echo compiling; sleep 0; exit 3");
        var outcome = await CliRun.AgainstAsync(server, "apply", manifest);
        Assert.Equal(ExitCode.Failed, outcome.Code);
        Assert.EndsWith("compiling\nerror: service web: the build of app failed with exit code 3: sh build.sh\n", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(server.Calls);
    }

    [Theory]
    [InlineData("web app no-such-program x", "error: service web: the build command no-such-program cannot be started: ")]
    [InlineData("web app true", "error: service web: the build succeeded but did not make the artifact app\n")]
    public async Task A_build_that_makes_nothing_is_named(string line, string expected)
    {
        await using var server = await StartAsync();
        var outcome = await CliRun.AgainstAsync(server, "apply", _folder.Write("m.yaml", line));
        Assert.Equal(ExitCode.Failed, outcome.Code);
        Assert.Contains(expected, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Problems_found_here_are_all_printed_and_nothing_is_asked_of_the_server()
    {
        await using var server = await StartAsync();
        var file = _folder.Write("m.yaml", "error one\nerror two");
        var outcome = await CliRun.AgainstAsync(server, "apply", file);
        Assert.Equal(ExitCode.BadInput, outcome.Code);
        Assert.Equal($"{file}:1:3: error: one\n{file}:2:3: error: two\nerror: {file} has 2 errors; nothing was changed\n", outcome.Error);
        Assert.Empty(server.Calls);
    }

    [Fact]
    public async Task Problems_found_by_the_server_are_all_printed()
    {
        await using var server = await StartAsync();
        server.On("POST /api/apply", _ => (422, """
            {"type":"tutti:invalid","detail":"the manifest has 2 errors; nothing was changed","problems":[
              {"rule":"a","message":"web 1.0.0 was recorded otherwise","severity":"error","file":"m.yaml","line":3,"column":5},
              {"rule":"b","message":"also this","severity":"warning"}]}
            """));
        var outcome = await CliRun.AgainstAsync(server, "apply", _folder.Write("m.yaml", "web"));
        Assert.Equal(ExitCode.BadInput, outcome.Code);
        Assert.Equal(
            "m.yaml:3:5: error: web 1.0.0 was recorded otherwise\nwarning: also this\nerror: the manifest has 2 errors; nothing was changed\n", outcome.Error);
    }

    [Fact]
    public async Task Apply_waits_until_everything_runs()
    {
        await using var server = await StartAsync();
        var looks = 0;
        server.On("GET /api/architectures/shop/services", _ => (200, JsonSerializer.Serialize(
            new[] { Documents.Service("web", Interlocked.Increment(ref looks) switch { 1 => ServiceStatus.Provision, 2 => ServiceStatus.Ready, _ => ServiceStatus.Run }) },
            TuttiJson.Options)));
        var outcome = await CliRun.AgainstAsync(server, "apply", _folder.Write("m.yaml", "web"));
        Assert.Equal((ExitCode.Done, ""), (outcome.Code, outcome.Error));
        Assert.StartsWith(
            """
            shop: version set 2 is accepted
            11:55:00 web Provision (2 of 2 pass their health check)
            11:55:00 web Provision → Ready (2 of 2 pass their health check)
            11:55:00 web Ready → Run (2 of 2 pass their health check)
            shop runs as asked: 1 service, version set 2, after 
            """,
            outcome.Out,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_fails_with_the_reason_of_a_failed_operation()
    {
        await using var server = await StartAsync();
        server.On("GET /api/operations", new[] { Documents.Operation(state: OperationState.RolledBack, reason: "GET /healthz answered 500; exit code 3") });
        server.On("GET /api/architectures/shop/services", new[] { Documents.Service("web", ServiceStatus.Rollback) });
        var outcome = await CliRun.AgainstAsync(server, "apply", _folder.Write("m.yaml", "web"));
        Assert.Equal(ExitCode.Failed, outcome.Code);
        Assert.Equal(
            """
            web: Update 1.1.0 → 1.2.0 was rolled back: GET /healthz answered 500; exit code 3
            error: shop does not run as version set 2 says; see 'tutti ps' and 'tutti operations'

            """,
            outcome.Error);
    }

    [Theory]
    [InlineData("gap", "ledger is down while it goes from 1.1.0 to 1.2.0. Agree to it with --allow-gap; nothing was changed")]
    [InlineData("no-room", "there is no room for 2 of cart 2.2.0; add a node. Nothing was changed")]
    public async Task A_change_that_needs_consent_or_room_ends_with_1_and_the_remedy(string type, string detail)
    {
        await using var server = await StartAsync();
        server.On("POST /api/apply", _ => (409, $$"""{"type":"tutti:{{type}}","detail":"{{detail}}"}"""));
        var outcome = await CliRun.AgainstAsync(server, "apply", _folder.Write("m.yaml", "web"));
        Assert.Equal((ExitCode.Failed, $"error: {detail}\n"), (outcome.Code, outcome.Error));
    }

    [Fact]
    public async Task Consent_to_a_gap_is_passed_on()
    {
        await using var server = await StartAsync();
        await CliRun.AgainstAsync(server, "apply", _folder.Write("m.yaml", "web"), "--no-wait");
        Assert.False(Sent(server).AllowGap);
        await CliRun.AgainstAsync(server, "apply", _folder.Write("m.yaml", "web"), "--no-wait", "--allow-gap");
        Assert.True(Sent(server).AllowGap);
    }

    [Fact]
    public async Task A_transition_that_was_rolled_back_ends_the_wait_with_its_reason()
    {
        await using var server = await StartAsync();
        server.On("GET /api/architectures/shop/transitions/2", ShopTransition.Planned with { ToSet = 2, FromSet = 1, State = TransitionState.RolledBack, Reason = "cart 2.2.0: exit code 3" });
        server.On("GET /api/operations", Array.Empty<Operation>());
        var outcome = await CliRun.AgainstAsync(server, "apply", _folder.Write("m.yaml", "web"));
        Assert.Equal(ExitCode.Failed, outcome.Code);
        Assert.StartsWith("version set 2 was given up: cart 2.2.0: exit code 3\neverything goes back to version set 1\nerror: shop does not run as version set 2 says", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_is_a_diff_and_sends_nothing()
    {
        await using var server = await FakeServer.StartAsync();
        server.On("POST /api/plan", new PlanDocument
        {
            Architecture = "shop",
            FromSet = 2,
            Changes =
            [
                new() { Service = "cart", Action = "add", Fields = [new("version", null, "2.2.0")] },
                new() { Service = "web", Action = "update", Fields = [new("version", "1.1.0", "1.2.0"), new("owner", "ada", null)] },
                new() { Service = "pricing", Action = "scale", Fields = [new("instances.min", "1", "2")] },
                new() { Service = "old", Action = "remove", Fields = [new("version", "1.0.0", null)] },
            ],
        });
        _folder.Write("app/program", "p");
        var outcome = await CliRun.AgainstAsync(server, "plan", _folder.Write("m.yaml", "web app\ncart none true"));
        Assert.Equal(
            """
            + cart
                version: 2.2.0
            ~ web
                version: 1.1.0 → 1.2.0
                owner: ada → (none)
            ~ pricing (scale)
                instances.min: 1 → 2
            - old
            shop: 1 to add, 2 to update, 1 to remove (from version set 2)

            """,
            outcome.Out);
        Assert.Equal("note: the artifact none of service cart is not built yet; its content is left out\n", outcome.Error);
        Assert.Equal(["POST /api/plan"], server.Calls);
        Assert.Equal(["app"], Sent(server).Artifacts.Keys);
    }

    [Fact]
    public async Task A_plan_that_would_be_refused_says_so_after_the_diff()
    {
        await using var server = await FakeServer.StartAsync();
        server.On("POST /api/plan", new PlanDocument
        {
            Architecture = "shop",
            FromSet = 2,
            Changes = [new() { Service = "web", Action = "update", Fields = [new("run.command", "[a]", "[b]")] }],
            Refused = [new Problem { Rule = "immutable-release", Message = "web 1.1.0 was recorded with run.command [a]" }],
        });
        var outcome = await CliRun.AgainstAsync(server, "plan", _folder.Write("m.yaml", "plain"));
        Assert.Equal(ExitCode.Failed, outcome.Code);
        Assert.StartsWith("~ web\n    run.command: [a] → [b]\n", outcome.Out, StringComparison.Ordinal);
        Assert.Equal("web 1.1.0 was recorded with run.command [a]\nerror: applying this would be refused, and nothing changed\n", outcome.Error);
    }

    private static ApplyRequest Sent(FakeServer server) => JsonSerializer.Deserialize<ApplyRequest>(server.Requests.Last(request => request.Body.StartsWith('{')).Body, TuttiJson.Options)!;

    private static async Task<FakeServer> StartAsync()
    {
        var server = (await FakeServer.StartAsync()).WithDocuments();
        server.On("POST /api/apply", Documents.Change());
        return server.AcceptBlobs();
    }
}
