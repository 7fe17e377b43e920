using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Tutti.Model;
using Tutti.Server.Api;
using Tutti.Server.Hosting;
using Tutti.Server.Tests.Fakes;

namespace Tutti.Server.Tests.Api;

public sealed class ProblemTests
{
    [Fact]
    public async Task An_unknown_route_is_named()
    {
        await using var server = await TestServer.StartAsync();
        var problem = await server.Http.GetAsync("api/servises").ProblemAsync(404, "not-found");
        Assert.Equal("there is no GET /api/servises; what there is stands in /api/openapi.json", problem.Detail);
        await server.Http.GetAsync("nowhere").ProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task A_wrong_method_says_the_right_one()
    {
        await using var server = await TestServer.StartAsync();
        var problem = await server.PostAsync("api/status").ProblemAsync(405, "method-not-allowed");
        Assert.Equal("/api/status does not take POST, only GET", problem.Detail);
    }

    [Fact]
    public async Task What_nobody_expected_is_500_and_names_the_request()
    {
        await using var server = await TestServer.StartAsync(Shop.Running());
        server.Control.Answer = _ => throw new InvalidOperationException("broken");
        var problem = await server.PostAsync("api/architectures/shop/services/web/restart").ProblemAsync(500, "internal");
        Assert.Equal("POST /api/architectures/shop/services/web/restart failed: broken; the server's log has the details", problem.Detail);
    }

    [Fact]
    public async Task An_author_that_would_garble_the_journal_is_refused()
    {
        await using var server = await TestServer.StartAsync(Shop.Running());
        await server.PostAsync("api/architectures/shop/rollback?author=a%0Ab").ProblemAsync(400, "malformed");
        Assert.Empty(server.Control.Submitted);
    }

    [Fact]
    public async Task The_API_describes_itself()
    {
        await using var server = await TestServer.StartAsync();
        var paths = JsonNode.Parse(await server.Http.GetStringAsync("api/openapi.json"))!["paths"]!.AsObject();
        foreach (var (path, methods) in Documented())
        {
            var item = Assert.Contains(path, (IDictionary<string, JsonNode?>)paths.ToDictionary());
            foreach (var method in methods)
            {
                var operation = item![method];
                Assert.True(operation is not null, $"{method} {path} is not described");
                Assert.False(string.IsNullOrEmpty((string?)operation["summary"]), $"{method} {path} has no summary");
                Assert.True(operation["responses"]!.AsObject().Any(r => r.Key.StartsWith('2')), $"{method} {path} says no success");
            }
        }

        Assert.Equal(Documented().Sum(d => d.Methods.Length), paths.Sum(p => p.Value!.AsObject().Count));
        var apply = paths["/api/apply"]!["post"]!;
        Assert.EndsWith("/ApplyRequest", (string)apply["requestBody"]!["content"]!["application/json"]!["schema"]!["$ref"]!);
        Assert.EndsWith("/ChangeDocument", (string)apply["responses"]!["200"]!["content"]!["application/json"]!["schema"]!["$ref"]!);
        Assert.EndsWith("/ProblemDocument", (string)apply["responses"]!["422"]!["content"]!["application/problem+json"]!["schema"]!["$ref"]!);
    }

    [Fact]
    public void Answers_are_written_in_the_one_JSON_dialect()
    {
        var services = new ServiceCollection();
        services.AddApiDescription();
        using var provider = services.BuildServiceProvider();
        var options = provider.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var node = new NodeDocument
        {
            Name = "n",
            State = "Ready",
            Address = "ä<>",
            Capacity = new(new(250), new(1024)),
            Used = new(new(0), new(0)),
        };
        Assert.Equal(JsonSerializer.Serialize(node, TuttiJson.Options), JsonSerializer.Serialize(node, options));
        Assert.Equal(JsonSerializer.Serialize(Shop.Spec, TuttiJson.Options), JsonSerializer.Serialize(Shop.Spec, options));
    }

    [Theory]
    [InlineData("crat", "cart", 1)]
    [InlineData("cart", "cart", 0)]
    [InlineData("web", "cart", 4)]
    public void Distance_counts_edits(string a, string b, int distance) => Assert.Equal(distance, NearestName.Distance(a, b));

    [Fact]
    public void A_far_name_is_not_suggested()
    {
        Assert.Equal("", NearestName.Hint("web", ["cart", "db"]));
        Assert.Equal("", NearestName.Hint("web", []));
        Assert.Equal("; did you mean 'web'?", NearestName.Hint("wbe", ["cart", "web"]));
    }

    private static IEnumerable<(string Path, string[] Methods)> Documented() =>
    [
        ("/api/status", ["get"]),
        ("/api/apply", ["post"]),
        ("/api/plan", ["post"]),
        ("/api/architectures", ["get"]),
        ("/api/architectures/{architecture}", ["get", "delete"]),
        ("/api/architectures/{architecture}/sets", ["get"]),
        ("/api/architectures/{architecture}/sets/{number}", ["get"]),
        ("/api/architectures/{architecture}/sets/{number}/diff", ["get"]),
        ("/api/architectures/{architecture}/services/{service}/blame", ["get"]),
        ("/api/architectures/{architecture}/releases", ["get", "post"]),
        ("/api/architectures/{architecture}/rollback", ["post"]),
        ("/api/architectures/{architecture}/rollback/plan", ["post"]),
        ("/api/architectures/{architecture}/transitions", ["get"]),
        ("/api/architectures/{architecture}/transitions/current", ["get"]),
        ("/api/architectures/{architecture}/transitions/{set}", ["get"]),
        ("/api/architectures/{architecture}/services", ["get"]),
        ("/api/architectures/{architecture}/services/{service}", ["get"]),
        ("/api/architectures/{architecture}/services/{service}/history", ["get"]),
        ("/api/architectures/{architecture}/services/{service}/scale", ["post"]),
        ("/api/architectures/{architecture}/services/{service}/restart", ["post"]),
        ("/api/architectures/{architecture}/services/{service}/pause", ["post"]),
        ("/api/architectures/{architecture}/services/{service}/unpause", ["post"]),
        ("/api/architectures/{architecture}/services/{service}/resume", ["post"]),
        ("/api/architectures/{architecture}/services/{service}/endpoints", ["get"]),
        ("/api/architectures/{architecture}/endpoints", ["get"]),
        ("/api/instances", ["get"]),
        ("/api/instances/{architecture}/{id}", ["get"]),
        ("/api/instances/{architecture}/{id}/logs", ["get"]),
        ("/api/operations", ["get"]),
        ("/api/events", ["get"]),
        ("/api/nodes", ["get"]),
        ("/api/nodes/{node}", ["get", "delete"]),
        ("/api/nodes/{node}/drain", ["post"]),
        ("/api/blobs/{digest}", ["get", "head", "put"]),
        ("/api/nodes/{node}/register", ["post"]),
        ("/api/nodes/{node}/report", ["post"]),
        ("/api/nodes/{node}/watch", ["get"]),
        ("/api/nodes/{node}/logs/{stream}", ["post"]),
    ];
}
