using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Tutti.Control.Commands;
using Tutti.Control.Loop;
using Tutti.Control.State;
using Tutti.Decisions.Versions;
using Tutti.Model.Manifest;
using Tutti.Model.Problems;
using Tutti.Server.Api;
using Tutti.Server.Tests.Fakes;

namespace Tutti.Server.Tests.Architectures;

public sealed class ApplyTests
{
    private static readonly ApplyRequest _request = new() { Manifest = "architecture: shop" };

    [Fact]
    public async Task Applies_with_author_and_message_and_passes_warnings_on()
    {
        var warning = new Problem { Rule = "criticality", Message = "web depends on a less critical service", Severity = Severity.Warning };
        await using var server = await TestServer.StartWithAsync(o => o with { ReadManifest = (_, _) => new ManifestReading(Shop.Spec, [warning]) });
        server.Control.Answer = _ => new CommandResult { Revision = 0, Set = 4, Changed = true };
        var change = await (await server.PostAsync("api/apply", _request with { Author = "ann", Message = "why" })).ReadAsync<ChangeDocument>();
        Assert.Equal(("shop", 4, true), (change.Architecture, change.Set, change.Changed));
        Assert.Equal(warning, Assert.Single(change.Warnings));
        Assert.Equal(new ApplyManifest(Shop.Spec, "ann", "why"), Assert.IsType<ApplyManifest>(Assert.Single(server.Control.Submitted)) with { Spec = Shop.Spec });
    }

    [Fact]
    public async Task A_bad_manifest_is_answered_with_every_problem_and_changes_nothing()
    {
        ImmutableArray<Problem> problems =
        [
            new() { Rule = "unknown-key", Message = "unknown key 'imge'", File = "a.yaml", Line = 3, Column = 5, Path = "services.web.run.imge", Suggestion = "image" },
            new() { Rule = "cycle", Message = "web → cart → web", File = "a.yaml", Line = 9, Column = 1 },
        ];
        await using var server = await TestServer.StartWithAsync(o => o with { ReadManifest = (_, _) => new ManifestReading(null, problems) });
        var problem = await server.PostAsync("api/apply", _request with { File = "a.yaml" }).ProblemAsync(422, "invalid");
        Assert.Equal("a.yaml has 2 errors; nothing was changed", problem.Detail);
        Assert.Equal(problems, problem.Problems);
        await server.PostAsync("api/plan", _request).ProblemAsync(422, "invalid");
        Assert.Empty(server.Control.Submitted);
    }

    [Fact]
    public async Task Artifacts_are_filled_in_for_services_and_jobs()
    {
        await using var server = await TestServer.StartWithAsync(o => o with { ReadManifest = (_, _) => new ManifestReading(WithArtifacts(), []) });
        var content = Encoding.UTF8.GetBytes("program");
        var digest = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));
        await server.SendAsync(HttpMethod.Put, $"api/blobs/{digest}", new ByteArrayContent(content));
        var artifacts = ImmutableSortedDictionary<string, string>.Empty.Add("artifacts/shop", digest);
        await (await server.PostAsync("api/apply", _request with { Artifacts = artifacts })).ReadAsync<ChangeDocument>();
        var applied = Assert.IsType<ApplyManifest>(Assert.Single(server.Control.Submitted)).Spec;
        Assert.Equal(digest, applied.Services["web"].Run!.Digest);
        Assert.Equal(digest, applied.Jobs["settle"].Run.Digest);
        Assert.Null(applied.Services["cart"].Run!.Digest);
    }

    [Fact]
    public async Task Every_artifact_that_is_not_there_is_named()
    {
        await using var server = await TestServer.StartWithAsync(o => o with { ReadManifest = (_, _) => new ManifestReading(WithArtifacts(), []) });
        var problem = await server.PostAsync("api/apply", _request).ProblemAsync(422, "invalid");
        Assert.Equal(["services.web.run.artifact", "jobs.settle.run.artifact"], problem.Problems.Select(p => p.Path));
        Assert.StartsWith("services.web.run.artifact: no content hash was given for artifact 'artifacts/shop'", problem.Problems[0].Message);

        var artifacts = ImmutableSortedDictionary<string, string>.Empty.Add("artifacts/shop", "sha256:" + new string('0', 64));
        problem = await server.PostAsync("api/apply", _request with { Artifacts = artifacts }).ProblemAsync(422, "invalid");
        Assert.Contains("the server does not have artifact 'artifacts/shop'", problem.Problems[0].Message);
        artifacts = artifacts.SetItem("artifacts/shop", "../../token");
        problem = await server.PostAsync("api/apply", _request with { Artifacts = artifacts }).ProblemAsync(422, "invalid");
        Assert.Contains("not sha256", problem.Problems[0].Message);
        Assert.Empty(server.Control.Submitted);
    }

    [Theory]
    [InlineData("conflict", 409)]
    [InlineData("immutable-release", 409)]
    [InlineData("not-reversible", 409)]
    [InlineData("invalid", 422)]
    [InlineData("unavailable", 503)]
    [InlineData("not-found", 404)]
    public async Task A_refusal_keeps_its_type_detail_and_problems(string type, int status)
    {
        await using var server = await TestServer.StartAsync();
        var reason = new Problem { Rule = "immutable-release", Message = "web 1.2.0 ran another command" };
        server.Control.Answer = _ => new CommandResult { Refusal = new Refusal { Type = type, Detail = "because", Problems = [reason] } };
        var problem = await server.PostAsync("api/apply", _request).ProblemAsync(status, type);
        Assert.Equal("because", problem.Detail);
        Assert.Equal(reason, Assert.Single(problem.Problems));
    }

    [Fact]
    public async Task A_manifest_over_4_MiB_is_refused_with_the_bound()
    {
        await using var server = await TestServer.StartAsync();
        var problem = await server.PostAsync("api/apply", _request with { Manifest = new string('x', (4 << 20) + 1) }).ProblemAsync(413, "too-large");
        Assert.Equal("architecture.yaml has 4194305 bytes; a manifest has at most 4194304 (4Mi)", problem.Detail);
    }

    [Theory]
    [InlineData("{\"manifest\": }", "line 1, byte 14")]
    [InlineData("{\"file\": \"a\"}", "manifest")]
    [InlineData("{\"manifest\": 3}", "$.manifest")]
    [InlineData("{\"manifest\": null}", "$.manifest")]
    public async Task Malformed_JSON_says_where(string body, string where)
    {
        await using var server = await TestServer.StartAsync();
        var problem = await server.SendAsync(HttpMethod.Post, "api/apply", new StringContent(body, Encoding.UTF8, "application/json")).ProblemAsync(400, "malformed");
        Assert.Contains(where, problem.Detail);
    }

    [Fact]
    public async Task What_is_not_JSON_is_said()
    {
        await using var server = await TestServer.StartAsync();
        var problem = await server.SendAsync(HttpMethod.Post, "api/apply", new StringContent("architecture: shop")).ProblemAsync(415, "not-json");
        Assert.Contains("Content-Type: application/json", problem.Detail);
    }

    [Fact]
    public async Task A_missing_body_is_said()
    {
        await using var server = await TestServer.StartAsync();
        Assert.Contains("no body", (await server.PostAsync("api/apply").ProblemAsync(400, "malformed")).Detail);
    }

    [Fact]
    public async Task A_full_queue_and_an_ended_loop_are_503_with_retry_after()
    {
        await using var server = await TestServer.StartAsync(Shop.Running());
        server.Control.Answer = _ => throw new LoopUnavailableException("the queue is full; try again");
        var response = await server.PostAsync("api/apply", _request);
        Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter?.Delta);
        Assert.Equal("the queue is full; try again", (await response.ProblemAsync(503, "unavailable")).Detail);

        server.Control.Fail(new InvalidOperationException("another server leads"));
        Assert.Contains("another server leads", (await server.PostAsync("api/apply", _request).ProblemAsync(503, "unavailable")).Detail);
        Assert.Single(await server.GetAsync<ArchitectureDocument[]>("api/architectures"));
    }

    [Fact]
    public async Task A_plan_compares_with_the_current_set_and_changes_nothing()
    {
        (ArchitectureSpec? Current, ArchitectureSpec Wanted)? compared = null;
        await using var server = await TestServer.StartWithAsync(
            o => o with
            {
                CompareSpecs = (current, wanted) =>
                {
                    compared = (current, wanted);
                    return [new SpecChange("web", ChangeAction.Settings, [new FieldChange("owner", null, "ann")])];
                },
            },
            Shop.Running());
        var plan = await (await server.PostAsync("api/plan", _request)).ReadAsync<PlanDocument>();
        Assert.Equal(("shop", 1), (plan.Architecture, plan.FromSet));
        var change = Assert.Single(plan.Changes);
        Assert.Equal(("web", "settings", new FieldChangeDocument("owner", null, "ann")), (change.Service, change.Action, Assert.Single(change.Fields)));
        Assert.Same(Shop.Spec, compared?.Current);
        Assert.Empty(server.Control.Submitted);

        server.Control.Put(Shop.Architecture() with { Destroyed = true });
        await (await server.PostAsync("api/plan", _request)).ReadAsync<PlanDocument>();
        Assert.Null(compared?.Current);
    }

    [Fact]
    public async Task A_plan_says_where_applying_would_be_refused()
    {
        await using var server = await TestServer.StartAsync(Shop.Running());
        Assert.Empty((await (await server.PostAsync("api/plan", _request)).ReadAsync<PlanDocument>()).Refused);
        var web = Shop.Spec.Services["web"];
        server.Control.Put(new Release { Architecture = "shop", Service = "web", Version = web.Version!, Recorded = Shop.Noon, Spec = web with { Run = new RunSpec { Command = ["other"] } } });
        var refused = Assert.Single((await (await server.PostAsync("api/plan", _request)).ReadAsync<PlanDocument>()).Refused);
        Assert.Equal(("immutable-release", "services.web.run.command"), (refused.Rule, refused.Path));
        Assert.EndsWith("a release never changes, so give it a new version", refused.Message);
    }

    private static ArchitectureSpec WithArtifacts() => Shop.Spec with
    {
        Services = Shop.Spec.Services.SetItem("web", Shop.Spec.Services["web"] with { Run = new RunSpec { Command = ["web"], Artifact = "artifacts/shop" } }),
        Jobs = ImmutableSortedDictionary<string, JobSpec>.Empty.Add("settle", new JobSpec { Run = new RunSpec { Command = ["settle"], Artifact = "artifacts/shop" } }),
    };
}
