using System.Text.Json.Nodes;
using Tutti.Control.Commands;
using Tutti.Model.Lifecycle;
using Tutti.Server.Api;
using Tutti.Server.Tests.Fakes;

namespace Tutti.Server.Tests.Architectures;

public sealed class ArchitectureTests
{
    [Fact]
    public async Task Lists_and_shows_architectures_with_the_worst_health()
    {
        await using var server = await TestServer.StartAsync(Shop.Running());
        var one = Assert.Single(await server.GetAsync<ArchitectureDocument[]>("api/architectures"));
        Assert.Equal(("shop", 1, "first", 4, ServiceHealth.Down), (one.Name, one.Set, one.Message, one.Services, one.Health));
        Assert.Equal(one, await server.GetAsync<ArchitectureDocument>("api/architectures/shop"));
        await server.Http.GetAsync("api/architectures/shp").ProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task Shows_version_sets_oldest_first()
    {
        await using var server = await TestServer.StartAsync([.. Shop.Running(), Shop.Set(2), Shop.Set(3), Shop.Architecture(3)]);
        Assert.Equal((int[])[1, 2, 3], await NumbersAsync(server, "api/architectures/shop/sets"));
        Assert.Equal((int[])[2, 3], await NumbersAsync(server, "api/architectures/shop/sets?limit=2"));
        Assert.Equal("ann", (string)JsonNode.Parse(await server.Http.GetStringAsync("api/architectures/shop/sets/2"))!["author"]!);
        var problem = await server.Http.GetAsync("api/architectures/shop/sets/9").ProblemAsync(404, "not-found");
        Assert.Equal("there is no version set 9 in shop; sets go from 1 to 3", problem.Detail);
        await server.Http.GetAsync("api/architectures/shop/sets?limit=0").ProblemAsync(400, "malformed");
    }

    [Fact]
    public async Task Destroys()
    {
        await using var server = await TestServer.StartAsync(Shop.Running());
        await (await server.SendAsync(HttpMethod.Delete, "api/architectures/shop")).ReadAsync<ChangeDocument>();
        Assert.Equal<Command>([new DestroyArchitecture("shop", "api")], server.Control.Submitted);
    }

    [Fact]
    public async Task What_is_not_found_by_a_command_is_named()
    {
        await using var server = await TestServer.StartAsync(Shop.Running());
        server.Control.Answer = _ => new CommandResult { Refusal = new Refusal { Type = "not-found", Detail = "not there" } };
        var problem = await server.SendAsync(HttpMethod.Delete, "api/architectures/shoop").ProblemAsync(404, "not-found");
        Assert.Equal("there is no architecture 'shoop'; did you mean 'shop'?", problem.Detail);
        problem = await server.SendAsync(HttpMethod.Delete, "api/architectures/shop").ProblemAsync(404, "not-found");
        Assert.Equal("not there", problem.Detail);
    }

    private static async Task<int[]> NumbersAsync(TestServer server, string path) =>
        [.. JsonNode.Parse(await server.Http.GetStringAsync(path))!.AsArray().Select(set => (int)set!["number"]!)];
}
