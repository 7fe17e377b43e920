using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Tutti.Control.Commands;
using Tutti.Decisions.Versions;
using Tutti.Model.Manifest;
using Tutti.Server.Api;
using Tutti.Server.Tests.Fakes;

namespace Tutti.Server.Tests.Versions;

public sealed class SetTests
{
    private static readonly ArchitectureSpec _debug = Changed(web => web with { Env = web.Env.SetItem("LOG_LEVEL", "debug") });

    private static readonly ArchitectureSpec _wide = Changed(web => web with { Env = web.Env.SetItem("LOG_LEVEL", "debug"), Instances = new InstancesSpec { Min = 4, Max = 4 } });

    [Fact]
    public async Task Compares_two_sets_or_one_with_the_current_one()
    {
        await using var server = await StartAsync();
        var difference = await server.GetAsync<SetDifferenceDocument>("api/architectures/shop/sets/1/diff?to=2");
        Assert.Equal((1, 2), (difference.From, difference.To));
        var web = Assert.Single(difference.Changes);
        Assert.Equal(("web", "update", new FieldChangeDocument("env.LOG_LEVEL", "info", "debug")), (web.Service, web.Action, Assert.Single(web.Fields)));

        difference = await server.GetAsync<SetDifferenceDocument>("api/architectures/shop/sets/2/diff");
        Assert.Equal((2, 3, "scale"), (difference.From, difference.To, Assert.Single(difference.Changes).Action));
        Assert.Empty((await server.GetAsync<SetDifferenceDocument>("api/architectures/shop/sets/3/diff?to=3")).Changes);
    }

    [Theory]
    [InlineData("shop/sets/9/diff", 404, "not-found", "there is no version set 9 in shop; sets go from 1 to 3")]
    [InlineData("shop/sets/1/diff?to=4", 404, "not-found", "there is no version set 4 in shop; sets go from 1 to 3")]
    [InlineData("shp/sets/1/diff", 404, "not-found", "there is no architecture 'shp'; did you mean 'shop'?")]
    [InlineData("shop/services/wbe/blame", 404, "not-found", "there is no service 'wbe' in shop; did you mean 'web'?")]
    [InlineData("shp/services/web/blame", 404, "not-found", "there is no architecture 'shp'; did you mean 'shop'?")]
    [InlineData("shop/services/cart/blame", 404, "not-found", "cart is not in version set 3 of shop; set 2 was the last to have it: see 'tutti versions show 2'")]
    public async Task What_is_not_there_is_named(string path, int status, string type, string detail)
    {
        await using var server = await StartAsync(_wide with { Services = _wide.Services.Remove("cart") });
        Assert.Equal(detail, (await server.Http.GetAsync("api/architectures/" + path).ProblemAsync(status, type)).Detail);
    }

    [Fact]
    public async Task Blames_each_field_on_the_set_that_last_changed_it()
    {
        await using var server = await StartAsync();
        var blame = await server.GetAsync<BlameDocument>("api/architectures/shop/services/web/blame");
        Assert.Equal(("shop", "web", 3, 1), (blame.Architecture, blame.Service, blame.Set, blame.Since));
        var fields = blame.Fields.ToDictionary(field => field.Path);
        Assert.Equal(("1.2.0", 1, "ann", "first"), Of("version"));
        Assert.Equal(("debug", 2, "bob", "look closer"), Of("env.LOG_LEVEL"));
        Assert.Equal(("4", 3, "eve", "scale web to 4"), Of("instances"));
        Assert.True(fields["update.maxSurge"] is { ByDefault: true, Set: 1, Value: "1" });

        (string, int, string, string) Of(string path) => (fields[path].Value, fields[path].Set, fields[path].Author, fields[path].Message);
    }

    [Fact]
    public async Task An_artifact_whose_hash_is_written_is_taken_as_the_server_has_it()
    {
        var content = Encoding.UTF8.GetBytes("program");
        var digest = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));
        var (spec, none) = (Pinned(digest), "sha256:" + new string('0', 64));
        await using var server = await TestServer.StartWithAsync(o => o with { ReadManifest = (_, _) => new ManifestReading(spec, []), CompareSpecs = ManifestDifference.Between }, Shop.Running());
        var request = new ApplyRequest { Manifest = "x", Artifacts = ImmutableSortedDictionary<string, string>.Empty.Add("out/web", none) };
        var problem = await server.PostAsync("api/apply", request).ProblemAsync(422, "invalid");
        Assert.Equal(["services.web.run.digest", "jobs.settle.run.digest"], problem.Problems.Select(p => p.Path));
        Assert.EndsWith("apply it to the server it was exported from, or remove this line, so that 'out/web' is built and sent", problem.Problems[0].Message);
        Assert.EndsWith("apply it to the server it was exported from, or send it with PUT /api/blobs first", problem.Problems[1].Message);

        await server.SendAsync(HttpMethod.Put, $"api/blobs/{digest}", new ByteArrayContent(content));
        await (await server.PostAsync("api/apply", request)).ReadAsync<ChangeDocument>();
        Assert.Equal(ContentHash.Of(spec), ContentHash.Of(Assert.IsType<ApplyManifest>(Assert.Single(server.Control.Submitted)).Spec));
        var plan = await (await server.PostAsync("api/plan", request)).ReadAsync<PlanDocument>();
        Assert.Contains(new FieldChangeDocument("run.digest", null, digest), plan.Changes.Single(change => change.Service == "web").Fields);
    }

    private static Task<TestServer> StartAsync(ArchitectureSpec? third = null) => TestServer.StartWithAsync(
        o => o with { CompareSpecs = ManifestDifference.Between },
        Shop.Architecture(3),
        Shop.Set(),
        Shop.Set(2, _debug) with { Parent = 1, Author = "bob", Message = "look closer" },
        Shop.Set(3, third ?? _wide) with { Parent = 2, Author = "eve", Message = "scale web to 4" });

    private static ArchitectureSpec Changed(Func<ServiceSpec, ServiceSpec> change) =>
        Shop.Spec with { Services = Shop.Spec.Services.SetItem("web", change(Shop.Spec.Services["web"])) };

    private static ArchitectureSpec Pinned(string digest) => Changed(web => web with { Run = new RunSpec { Command = ["web"], Artifact = "out/web", Digest = digest } }) with
    {
        Jobs = ImmutableSortedDictionary<string, JobSpec>.Empty.Add("settle", new JobSpec { Run = new RunSpec { Command = ["settle"], Digest = digest } }),
    };
}
