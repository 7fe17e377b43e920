using Tutti.Model.Agents;
using Tutti.Model.Quantities;
using Tutti.Server.Api;
using Tutti.Server.Tests.Fakes;

namespace Tutti.Server.Tests.Instances;

public sealed class InstanceTests
{
    [Fact]
    public async Task Lists_with_filters_and_shows_one()
    {
        await using var server = await TestServer.StartAsync([.. Shop.Running(), Shop.Instance("cart", "cart-0", node: null)]);
        server.Control.Used["shop/cart-a"] = new NodeCapacity(new Cpu(5), new ByteSize(6));
        Assert.Equal(["cart-0", "cart-a", "cart-b", "web-a"], await IdsAsync(server, ""));
        Assert.Equal(["cart-0", "cart-a", "cart-b"], await IdsAsync(server, "?architecture=shop&service=cart"));
        Assert.Equal(["cart-a", "cart-b"], await IdsAsync(server, "?service=cart&node=n1"));
        var one = await server.GetAsync<InstanceDocument>("api/instances/shop/cart-a");
        Assert.Equal(("10.0.0.1", 20001, 4711, 5), (one.Address, one.Ports["http"], one.Pid, one.Used!.Cpu.Millis));
    }

    [Theory]
    [InlineData("?architecture=shp", "there is no architecture 'shp'; did you mean 'shop'?")]
    [InlineData("?architecture=shop&service=crat", "there is no service 'crat' in shop; did you mean 'cart'?")]
    [InlineData("?node=m1", "there is no node 'm1'; did you mean 'n1'?")]
    [InlineData("/shop/cart-x", "there is no instance 'cart-x' in shop; it may have been replaced: see the list of instances")]
    [InlineData("/shp/cart-a", "there is no architecture 'shp'; did you mean 'shop'?")]
    public async Task What_is_not_there_is_named(string query, string detail)
    {
        await using var server = await TestServer.StartAsync(Shop.Running());
        Assert.Equal(detail, (await server.Http.GetAsync("api/instances" + query).ProblemAsync(404, "not-found")).Detail);
    }

    private static async Task<string[]> IdsAsync(TestServer server, string query) =>
        [.. (await server.GetAsync<InstanceDocument[]>("api/instances" + query)).Select(i => i.Id)];
}
