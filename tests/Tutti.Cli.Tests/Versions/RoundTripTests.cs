using System.Text.Json;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Tests.Fakes;
using Tutti.Control.State;
using Tutti.Model;

namespace Tutti.Cli.Tests.Versions;

/// <summary>A set exported from a real server restores it.</summary>
public sealed class RoundTripTests : IDisposable
{
    private const string Manifest = """
        apiVersion: tutti/v1
        architecture: shop
        defaults: { update: { maxSurge: 2 } }
        services:
          cart:
            version: 2.0.0
            run: { command: [./cart, "--greeting", "a: b #c"], artifact: out/cart, build: [sh, -c, "exit 3"] }
            ports: { http: {} }
            env: { LEVEL: "1", TEXT: "two\nlines" }
            resources: { cpu: 250m, limits: { memory: 1Gi } }
            instances: { min: 2, max: 6 }
            placement: { constraints: ["disk = ssd"], spread: zone }
          web:
            version: 1.1.0
            run: { command: [./web] }
            dependsOn: { cart: { accepts: ">=2.0 <2.2" } }
        routes: [{ host: shop.localhost, to: cart }]
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_set_is_restored_from_its_export_also_where_the_artifact_is_not()
    {
        await using var server = await RealServer.StartAsync();
        _folder.Write("here/out/cart/program", "first");
        var manifest = _folder.Write("here/shop.yaml", Manifest);
        await server.DoneAsync("apply", manifest, "--no-wait", "-m", "first");
        await server.DoneAsync("scale", "web", "3");
        _folder.Write("here/out/cart/program", "second");
        await server.DoneAsync("apply", "-f", _folder.Write("here/shop.yaml", Manifest.Replace("2.0.0", "2.1.0", StringComparison.Ordinal)), "--no-wait");
        await server.DoneAsync("rollback", "--set", "2", "--yes", "--no-wait");
        var sets = await SetsAsync(server);
        Assert.Equal((int?[])[null, null, null, 2], sets.Select(set => set.RollbackOf));

        foreach (var set in sets)
        {
            var export = _folder.Write($"elsewhere/set{set.Number}.yaml", await server.DoneAsync("versions", "show", $"{set.Number}", "-o", "yaml"));
            var before = (await SetsAsync(server))[^1].ContentHash;
            var said = await server.DoneAsync("apply", "-f", export, "--no-wait");
            var now = (await SetsAsync(server))[^1];
            Assert.Equal(set.ContentHash, now.ContentHash);
            Assert.Equal(before == set.ContentHash, said.Contains("nothing to change", StringComparison.Ordinal));
            Assert.Contains("nothing would change", await server.DoneAsync("plan", "-f", export), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Another_server_refuses_an_export_whose_artifact_it_does_not_have()
    {
        await using var server = await RealServer.StartAsync();
        _folder.Write("out/cart/program", "first");
        await server.DoneAsync("apply", _folder.Write("shop.yaml", Manifest), "--no-wait");
        var export = _folder.Write("set1.yaml", await server.DoneAsync("versions", "show", "-o", "yaml"));
        var digest = (await SetsAsync(server))[0].Spec.Services["cart"].Run!.Digest;

        await using var other = await RealServer.StartAsync();
        var outcome = await other.RunAsync("apply", "-f", export);
        Assert.Equal(ExitCode.BadInput, outcome.Code);
        Assert.Equal(
            $"{export}: error: services.cart.run.digest: the server does not have the artifact {digest} that the manifest names; apply it to the server it was exported from, "
            + $"or remove this line, so that 'out/cart' is built and sent\nerror: {export}: 1 artifact cannot be used; nothing was changed\n",
            outcome.Error);

        // As the message says.
        _folder.Write("set1.yaml", string.Join('\n', File.ReadLines(export).Where(line => !line.Contains("digest:", StringComparison.Ordinal))));
        await other.DoneAsync("apply", "-f", export, "--no-wait");
        Assert.Equal((await SetsAsync(server))[0].ContentHash, (await SetsAsync(other))[0].ContentHash);
    }

    private static async Task<VersionSet[]> SetsAsync(RealServer server) =>
        JsonSerializer.Deserialize<VersionSet[]>(await server.DoneAsync("versions", "-o", "json"), TuttiJson.Options)!;
}
