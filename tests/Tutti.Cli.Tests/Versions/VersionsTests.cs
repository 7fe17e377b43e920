using System.Text.Json;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Tests.Fakes;
using Tutti.Server.Api;

namespace Tutti.Cli.Tests.Versions;

/// <summary>What a person is shown of sets and releases, against a real server.</summary>
public sealed class VersionsTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private RealServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await RealServer.StartAsync();
        await ApplyAsync("1.0.0", "info");
        await ApplyAsync("1.1.0", "info", "-m", "web 1.1");
        await _server.DoneAsync("scale", "web", "2..6");
        await _server.DoneAsync("rollback", "--set", "1", "--yes", "--no-wait");
        await ApplyAsync("1.0.0", "debug", "-m", "look closer");
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_list_draws_the_lines_of_history() => Assert.Equal(
        """
        TREE  SET           PARENT  AUTHOR  MADE  SERVICES              MESSAGE
        ○─╮   1             -       ada     now   cart@2.2.0 web@1.0.0
        │ ○   2             1       ada     now   cart@2.2.0 web@1.1.0  web 1.1
        │ ○   3             2       ada     now   cart@2.2.0 web@1.1.0  scale web to 2..6
        ○     4             3       ada     now   cart@2.2.0 web@1.0.0  rollback to set 1
        ●     5    current  4       ada     now   cart@2.2.0 web@1.0.0  look closer

        """,
        await _server.DoneAsync("versions"));

    [Fact]
    public async Task A_set_is_shown_whole()
    {
        var shown = (await _server.DoneAsync("versions", "show", "3")).Split('\n');
        Assert.Equal(["version set 3 of shop", "parent    2", "author    ada"], shown[..3]);
        Assert.StartsWith("time      20", shown[3], StringComparison.Ordinal);
        Assert.Equal("message   scale web to 2..6", shown[4]);
        Assert.Matches("^content   sha256:[0-9a-f]{64}$", shown[5]);
        Assert.Equal(
            """

            cart
              version              2.2.0
              run.command          [cart]
              ports.http.protocol  http
              resources.cpu        50m
              resources.memory     64Mi
              instances            1

            web
              version                  1.1.0
              run.command              [web, 1.1.0]
              env.LEVEL                info
              resources.cpu            250m
              resources.memory         64Mi
              instances                { min: 2, max: 6 }
              dependsOn.cart.accepts   ^2
              dependsOn.cart.optional  false
              placement.constraints    [disk = ssd]

            beside the services
            + routes
                shop.localhost/: web

            """.Replace("shop.localhost/: web", "shop.localhost/: cart", StringComparison.Ordinal),
            string.Join('\n', shown[6..]));
        Assert.StartsWith("version set 5 of shop (current)\n", await _server.DoneAsync("versions", "show"), StringComparison.Ordinal);
        Assert.Contains("\nrestores  set 1\n", await _server.DoneAsync("versions", "show", "4"), StringComparison.Ordinal);
        Assert.Equal(3, JsonDocument.Parse(await _server.DoneAsync("versions", "show", "3", "-o", "json")).RootElement.GetProperty("number").GetInt32());
    }

    [Fact]
    public async Task Two_sets_are_compared_service_by_service()
    {
        Assert.Equal(
            """
            ~ web
                version: 1.1.0 → 1.0.0
                run.command: [web, 1.1.0] → [web, 1.0.0]
                env.LEVEL: info → debug
                instances: { min: 2, max: 6 } → 1
            shop: 0 to add, 1 to update, 0 to remove from set 3 to set 5

            """,
            await _server.DoneAsync("versions", "diff", "3"));
        Assert.Equal("shop: sets 1 and 4 say the same\n", await _server.DoneAsync("versions", "diff", "1", "4"));
        var json = JsonSerializer.Deserialize<SetDifferenceDocument>(await _server.DoneAsync("versions", "diff", "2", "3", "-o", "json"), Model.TuttiJson.Options)!;
        Assert.Equal(("scale", new FieldChangeDocument("instances", "1", "{ min: 2, max: 6 }")), (json.Changes.Single().Action, json.Changes.Single().Fields.Single()));
    }

    [Fact]
    public async Task Each_field_is_blamed_on_a_set()
    {
        Assert.Equal(
            """
            FIELD                    SET  AUTHOR  MADE  VALUE         MESSAGE
            version                  4    ada     now   1.0.0         rollback to set 1
            run.command              4    ada     now   [web, 1.0.0]  rollback to set 1
            env.LEVEL                5    ada     now   debug         look closer
            resources.cpu            1    ada     now   250m
            instances                4    ada     now   1             rollback to set 1
            dependsOn.cart.accepts   1    ada     now   ^2
            dependsOn.cart.optional  1    ada     now   false
            placement.constraints    1    ada     now   [disk = ssd]

            """,
            await _server.DoneAsync("versions", "blame", "web"));
        var json = JsonSerializer.Deserialize<BlameDocument>(await _server.DoneAsync("versions", "blame", "web", "-o", "json"), Model.TuttiJson.Options)!;
        Assert.Contains(json.Fields, field => field is { Path: "update.maxSurge", ByDefault: true, Set: 1 });
    }

    [Theory]
    [InlineData("versions show 9", "error: there is no version set 9 in shop; sets go from 1 to 5\n")]
    [InlineData("versions diff 1 9", "error: there is no version set 9 in shop; sets go from 1 to 5\n")]
    [InlineData("versions blame wbe", "error: there is no service 'wbe' in shop; did you mean 'web'?\n")]
    [InlineData("releases crat", "error: no release of 'crat' is recorded in shop; did you mean 'cart'?\n")]
    [InlineData("versions show 1 -a shp", "error: there is no architecture 'shp'; did you mean 'shop'?\n")]
    public async Task What_is_not_there_is_bad_input(string line, string expected)
    {
        var outcome = await _server.RunAsync(line.Split(' '));
        Assert.Equal((ExitCode.BadInput, "", expected), (outcome.Code, outcome.Out, outcome.Error));
    }

    [Fact]
    public async Task A_release_is_recorded_without_deploying_it()
    {
        const string Release = """
            apiVersion: tutti/v1
            architecture: shop
            services:
              web:
                version: 2.0.0
                reversible: false
                run: { command: [./web], artifact: out/web, build: [sh, -c, "mkdir -p out/web && echo made > out/web/program"] }
                dependsOn: { cart: { accepts: ^9 } }
            """;
        var file = _folder.Write("web.yaml", Release);
        Assert.Equal("shop: web 2.0.0 is recorded\n", await _server.DoneAsync("release", "add", file));
        Assert.Equal("shop: nothing to record, the release is known already\n", await _server.DoneAsync("release", "add", "-f", file));
        var releases = JsonSerializer.Deserialize<ReleaseDocument[]>(await _server.DoneAsync("releases", "web", "-o", "json"), Model.TuttiJson.Options)!;
        Assert.Equal(["2.0.0", "1.1.0", "1.0.0"], releases.Select(release => release.Version.ToString()));
        Assert.True(releases[0] is { Reversible: false, Sets.IsEmpty: true, Current: false, Instances: 0 });
        Assert.StartsWith("sha256:", releases[0].Run!.Digest, StringComparison.Ordinal);
        Assert.Equal([new SetRangeDocument(2, 3)], releases[1].Sets);
        Assert.Equal([new SetRangeDocument(1, 1), new SetRangeDocument(4, 5)], releases[2].Sets);
        Assert.Contains("current  4", await _server.DoneAsync("versions"), StringComparison.Ordinal);

        var outcome = await _server.RunAsync("release", "add", _folder.Write("other.yaml", Release.Replace("^9", "^8", StringComparison.Ordinal)));
        const string Differs = "web 2.0.0 was recorded with dependsOn.cart.accepts ^9, and now has ^8: a release never changes, so give it a new version";
        Assert.Equal((ExitCode.Failed, $"error: {Differs}\n"), (outcome.Code, outcome.Error));

        outcome = await _server.RunAsync("release", "add", _folder.Write("astray.yaml", Release.Replace("cart:", "crat:", StringComparison.Ordinal).Replace("2.0.0", "2.1.0", StringComparison.Ordinal)));
        const string Astray = "web 2.1.0 depends on 'crat', which is neither in the file nor in shop, nor recorded; did you mean 'cart'?";
        Assert.Equal((ExitCode.BadInput, $"error: {Astray}\n"), (outcome.Code, outcome.Error));

        outcome = await _server.RunAsync("release", "add", file, "-a", "shp");
        Assert.Equal(
            (ExitCode.BadInput, "error: there is no architecture 'shp' to record a release for; there is shop: name one with --architecture, or apply a manifest of 'shp' first\n"),
            (outcome.Code, outcome.Error));
    }

    private Task<string> ApplyAsync(string version, string level, params string[] options) => _server.DoneAsync(
    [
        "apply", "--no-wait", .. options, "-f",
        _folder.Write("shop.yaml", $$"""
            apiVersion: tutti/v1
            architecture: shop
            services:
              cart: { version: 2.2.0, run: { command: [cart] }, ports: { http: {} } }
              web:
                version: {{version}}
                run: { command: [web, {{version}}] }
                env: { LEVEL: {{level}} }
                resources: { cpu: 250m }
                placement: { constraints: ["disk = ssd"] }
                dependsOn: { cart: { accepts: ^2 } }
            routes: [{ host: shop.localhost, to: cart }]
            """),
    ]);
}
