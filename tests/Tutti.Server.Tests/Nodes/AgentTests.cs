using System.Net.Http.Headers;
using Tutti.Control.Commands;
using Tutti.Model.Agents;
using Tutti.Model.Quantities;
using Tutti.Server.Tests.Fakes;

namespace Tutti.Server.Tests.Nodes;

public sealed class AgentTests
{
    private static readonly NodeRegistration _registration = new()
    {
        Name = "n1",
        Session = "s1",
        Address = "10.0.0.1",
        Capacity = new NodeCapacity(new Cpu(1000), ByteSize.FromMebibytes(64)),
    };

    [Fact]
    public async Task Registers_and_reports()
    {
        await using var server = await TestServer.StartAsync();
        var reply = await (await server.PostAsync("api/nodes/n1/register", _registration, asAgent: true)).ReadAsync<RegistrationReply>();
        Assert.Equal(("cluster-1", TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(2)), (reply.ClusterId, reply.Lease, reply.Heartbeat));
        Assert.Equal(_registration.Capacity, Assert.IsType<RegisterNode>(Assert.Single(server.Control.Submitted)).Registration.Capacity);

        var report = new NodeReport { Session = "s1", Sequence = 1 };
        Assert.True((await (await server.PostAsync("api/nodes/n1/report", report, asAgent: true)).ReadAsync<ReportReply>()).Known);
        server.Control.Answer = _ => new CommandResult { KnownSession = false };
        Assert.False((await (await server.PostAsync("api/nodes/n1/report", report, asAgent: true)).ReadAsync<ReportReply>()).Known);
        server.Control.Answer = _ => new CommandResult { Refusal = new Refusal { Type = "not-found", Detail = "no node n1" } };
        Assert.False((await (await server.PostAsync("api/nodes/n1/report", report, asAgent: true)).ReadAsync<ReportReply>()).Known);
    }

    [Fact]
    public async Task Another_cluster_and_another_name_are_refused()
    {
        await using var server = await TestServer.StartAsync();
        server.Control.Answer = _ => new CommandResult { Refusal = new Refusal { Type = "wrong-cluster", Detail = "the journal is of cluster-0" } };
        var problem = await server.PostAsync("api/nodes/n1/register", _registration, asAgent: true).ProblemAsync(409, "wrong-cluster");
        Assert.Equal("the journal is of cluster-0", problem.Detail);
        problem = await server.PostAsync("api/nodes/n2/register", _registration, asAgent: true).ProblemAsync(422, "invalid");
        Assert.Contains("'n1'", problem.Detail);
    }

    [Theory]
    [InlineData("POST", "register")]
    [InlineData("POST", "report")]
    [InlineData("GET", "watch?session=s1")]
    [InlineData("POST", "logs/x")]
    public async Task Agent_routes_need_the_token(string method, string route)
    {
        await using var server = await TestServer.StartAsync();
        var response = await server.SendAsync(new HttpMethod(method), $"api/nodes/n1/{route}");
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
        Assert.Contains("file 'token'", (await response.ProblemAsync(401, "unauthorized")).Detail);

        var wrong = new HttpRequestMessage(new HttpMethod(method), $"api/nodes/n1/{route}");
        wrong.Headers.Authorization = new AuthenticationHeaderValue("Bearer", server.Token[..^1] + "!");
        Assert.Contains("not this server's", (await server.Http.SendAsync(wrong).ProblemAsync(401, "unauthorized")).Detail);
        Assert.Empty(server.Control.Submitted);
    }

    [Fact]
    public async Task Report_over_the_bound_says_the_bound()
    {
        await using var server = await TestServer.StartAsync();
        using var body = new ByteArrayContent(new byte[(16 << 20) + 1]);
        var problem = await server.SendAsync(HttpMethod.Post, "api/nodes/n1/report", body, asAgent: true).ProblemAsync(413, "too-large");
        Assert.Contains("16MiB", problem.Detail);
    }
}
