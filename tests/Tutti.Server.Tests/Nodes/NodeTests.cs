using Tutti.Control.Commands;
using Tutti.Control.Loop;
using Tutti.Control.State;
using Tutti.Model.Agents;
using Tutti.Model.Quantities;
using Tutti.Server.Api;
using Tutti.Server.Tests.Fakes;

namespace Tutti.Server.Tests.Nodes;

public sealed class NodeTests
{
    [Fact]
    public async Task Shows_what_is_reserved_and_what_was_heard()
    {
        await using var server = await TestServer.StartAsync([.. Shop.Running(), Shop.Instance("cart", "cart-old") with { Stopped = true }]);
        server.Control.Pulses["n1"] = new NodePulse(Shop.Noon, new NodeCapacity(new Cpu(7), ByteSize.FromMebibytes(9)));
        var node = Assert.Single(await server.GetAsync<NodeDocument[]>("api/nodes"));
        Assert.Equal(("n1", "Ready", 4), (node.Name, node.State, node.Instances));
        Assert.Equal(new NodeCapacity(new Cpu(300), ByteSize.FromMebibytes(96)), node.Used);
        Assert.Equal(Shop.Noon, node.HeardAt);
        Assert.Equal(7, node.Measured!.Cpu.Millis);
        Assert.Equal("a", (await server.GetAsync<NodeDocument>("api/nodes/n1")).Labels["zone"]);
    }

    [Theory]
    [InlineData(NodeStatus.Lost, false, true, "Lost")]
    [InlineData(NodeStatus.Ready, true, true, "Draining")]
    [InlineData(NodeStatus.Ready, true, false, "Drained")]
    public async Task State_says_whether_it_drains_or_is_lost(NodeStatus status, bool draining, bool busy, string state)
    {
        object[] busyWith = busy ? [Shop.Instance("cart", "cart-a")] : [];
        await using var server = await TestServer.StartAsync([Shop.Architecture(), Shop.Set(), Shop.Node() with { Status = status, Draining = draining }, .. busyWith]);
        Assert.Equal(state, (await server.GetAsync<NodeDocument>("api/nodes/n1")).State);
    }

    [Fact]
    public async Task Drains_and_removes()
    {
        await using var server = await TestServer.StartAsync(Shop.Running());
        server.Control.Answer = _ => new CommandResult { Revision = 1, Changed = true };
        Assert.True((await (await server.PostAsync("api/nodes/n1/drain?author=ann")).ReadAsync<ChangeDocument>()).Changed);
        await server.PostAsync("api/nodes/n1/drain", new DrainRequest(false));
        await (await server.SendAsync(HttpMethod.Delete, "api/nodes/n1")).ReadAsync<ChangeDocument>();
        Assert.Equal<Command>(
            [new DrainNode("n1", true, "ann"), new DrainNode("n1", false, "api"), new RemoveNode("n1", "api")], server.Control.Submitted);
    }

    [Fact]
    public async Task Unknown_node_is_named_with_the_nearest_right_one()
    {
        await using var server = await TestServer.StartAsync(Shop.Running());
        var problem = await server.Http.GetAsync("api/nodes/m1").ProblemAsync(404, "not-found");
        Assert.Equal("there is no node 'm1'; did you mean 'n1'?", problem.Detail);
        server.Control.Answer = _ => new CommandResult { Refusal = new Refusal { Type = "not-found", Detail = "no such node" } };
        problem = await server.PostAsync("api/nodes/m1/drain").ProblemAsync(404, "not-found");
        Assert.Equal("there is no node 'm1'; did you mean 'n1'?", problem.Detail);
    }
}
