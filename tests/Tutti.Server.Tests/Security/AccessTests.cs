using System.Net;
using System.Net.Http.Headers;
using Tutti.Server.Tests.Fakes;

namespace Tutti.Server.Tests.Security;

public sealed class AccessTests
{
    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1:7420")]
    [InlineData("[::1]:7420")]
    [InlineData("shop.localhost")]
    public async Task People_on_this_machine_need_no_sign_in(string host)
    {
        await using var server = await TestServer.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(server, host)).StatusCode);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("10.0.0.7")]
    public async Task A_foreign_host_is_refused(string host)
    {
        await using var server = await TestServer.StartAsync();
        var problem = await AskAsync(server, host).ProblemAsync(403, "foreign-host");
        Assert.Contains(host, problem.Detail);
    }

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("null")]
    [InlineData("http://127.0.0.1:1")]
    public async Task A_foreign_origin_is_refused_even_with_the_token(string origin)
    {
        await using var server = await TestServer.StartAsync();
        var request = new HttpRequestMessage(HttpMethod.Post, "api/architectures/shop/rollback");
        request.Headers.Add("Origin", origin);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", server.Token);
        await server.Http.SendAsync(request).ProblemAsync(403, "foreign-origin");
        Assert.Empty(server.Control.Submitted);
    }

    [Fact]
    public async Task The_servers_own_pages_may_ask()
    {
        await using var server = await TestServer.StartAsync();
        var request = new HttpRequestMessage(HttpMethod.Get, "api/status");
        request.Headers.Add("Origin", server.Url);
        Assert.Equal(HttpStatusCode.OK, (await server.Http.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Beyond_loopback_every_route_needs_the_token()
    {
        await using var server = await TestServer.StartWithAsync(o => o with { Listen = new IPEndPoint(IPAddress.Any, 0) });
        foreach (var path in (string[])["api/status", "api/architectures", "api/openapi.json", "api/nothing"])
        {
            Assert.Contains("beyond loopback", (await server.Http.GetAsync(path).ProblemAsync(401, "unauthorized")).Detail);
        }

        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Get, "api/status", asAgent: true)).StatusCode);
    }

    private static Task<HttpResponseMessage> AskAsync(TestServer server, string host)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "api/status");
        request.Headers.Host = host;
        return server.Http.SendAsync(request);
    }
}
