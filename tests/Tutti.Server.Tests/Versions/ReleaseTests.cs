using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Tutti.Control.Commands;
using Tutti.Control.State;
using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest;
using Tutti.Model.Problems;
using Tutti.Model.Versions;
using Tutti.Server.Api;
using Tutti.Server.Tests.Fakes;

namespace Tutti.Server.Tests.Versions;

public sealed class ReleaseTests
{
    [Fact]
    public async Task Lists_by_service_and_newest_first_with_where_each_ran_and_runs()
    {
        await using var server = await TestServer.StartAsync(
        [
            .. Shop.Running(), Shop.Architecture(7), Shop.Set(2, With("1.3.0")), Shop.Set(3), Shop.Set(4, With("1.3.0")), Shop.Set(5, With("1.3.0") with { Strict = true }),
            Shop.Set(7, With("1.3.0", reversible: false)),
            Release("web", "1.2.0"), Release("web", "1.10.0"), Release("web", "1.3.0"), Release("cart", "2.2.0"),
            Shop.Instance("cart", "cart-c", phase: InstancePhase.Ready, node: "n2"), Shop.Instance("cart", "cart-d") with { Stopped = true },
        ]);
        var releases = await server.GetAsync<ReleaseDocument[]>("api/architectures/shop/releases");
        Assert.Equal(["cart 2.2.0", "web 1.10.0", "web 1.3.0", "web 1.2.0"], releases.Select(release => $"{release.Service} {release.Version}"));

        var cart = releases[0];
        Assert.Equal((2, 3, true, "n1,n2"), (cart.Healthy, cart.Instances, cart.Current, string.Join(',', cart.Nodes)));
        Assert.Equal([new SetRangeDocument(1, 5), new SetRangeDocument(7, 7)], cart.Sets);

        Assert.Empty(releases[1].Sets);
        Assert.Equal((false, true), (releases[1].Current, releases[1].Reversible));
        Assert.Equal([new SetRangeDocument(2, 2), new SetRangeDocument(4, 5), new SetRangeDocument(7, 7)], releases[2].Sets);
        Assert.Equal((true, false), (releases[2].Current, releases[2].Reversible));
        Assert.Equal([new SetRangeDocument(1, 1), new SetRangeDocument(3, 3)], releases[3].Sets);
        Assert.Equal((false, 1), (releases[3].Current, releases[3].Instances));
        Assert.Equal(["cart", "db", "tax"], releases[3].DependsOn.Keys);

        Assert.Equal(3, (await server.GetAsync<ReleaseDocument[]>("api/architectures/shop/releases?service=web")).Length);
        var json = JsonNode.Parse(await server.Http.GetStringAsync("api/architectures/shop/releases?service=web"))![2]!;
        Assert.Equal("""{"accepts":"*","optional":true}""", json["dependsOn"]!["tax"]!.ToJsonString());
    }

    [Fact]
    public async Task An_unknown_service_or_architecture_is_named_with_the_nearest()
    {
        await using var server = await TestServer.StartAsync([.. Shop.Running(), Release("web", "1.2.0"), Release("cart", "2.2.0")]);
        Assert.Equal("no release of 'wbe' is recorded in shop; did you mean 'web'?", (await server.Http.GetAsync("api/architectures/shop/releases?service=wbe").ProblemAsync(404, "not-found")).Detail);
        Assert.Equal("there is no architecture 'shp'; did you mean 'shop'?", (await server.Http.GetAsync("api/architectures/shp/releases").ProblemAsync(404, "not-found")).Detail);
        Assert.Equal("no release of 'tax' is recorded in shop", (await server.Http.GetAsync("api/architectures/shop/releases?service=tax").ProblemAsync(404, "not-found")).Detail);
    }

    [Fact]
    public async Task Adding_fills_artifacts_in_for_the_architecture_of_the_address_and_leaves_the_rest_out()
    {
        var spec = Shop.Spec with
        {
            Name = "other",
            Services = Shop.Spec.Services.SetItem("web", Shop.Spec.Services["web"] with { Run = new RunSpec { Command = ["web"], Artifact = "out/web" } }),
            Jobs = ImmutableSortedDictionary<string, JobSpec>.Empty.Add("settle", new JobSpec { Run = new RunSpec { Command = ["settle"], Artifact = "out/settle" } }),
        };
        var warning = new Problem { Rule = "criticality-inversion", Message = "hm", Severity = Severity.Warning };
        await using var server = await TestServer.StartWithAsync(o => o with { ReadReleases = (_, _) => new ManifestReading(spec, [warning]) }, Shop.Running());
        server.Control.Answer = _ => new CommandResult { Recorded = [new ReleaseName("web", ReleaseVersion.Parse("1.2.0"))] };
        var content = Encoding.UTF8.GetBytes("program");
        var digest = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));
        var request = new ApplyRequest { Manifest = "x", File = "web.yaml", Author = "ann", Artifacts = ImmutableSortedDictionary<string, string>.Empty.Add("out/web", digest) };

        var problem = await server.PostAsync("api/architectures/shop/releases", request).ProblemAsync(422, "invalid");
        Assert.Equal("web.yaml: 1 artifact cannot be used; nothing was changed", problem.Detail);
        Assert.Empty(server.Control.Submitted);

        await server.SendAsync(HttpMethod.Put, $"api/blobs/{digest}", new ByteArrayContent(content));
        var added = await (await server.PostAsync("api/architectures/shop/releases", request)).ReadAsync<AddedReleasesDocument>();
        Assert.Equal(("shop", true, new ReleaseNameDocument("web", ReleaseVersion.Parse("1.2.0"))), (added.Architecture, added.Changed, Assert.Single(added.Recorded)));
        Assert.Equal(warning, Assert.Single(added.Warnings));
        var submitted = Assert.IsType<AddReleases>(Assert.Single(server.Control.Submitted));
        Assert.Equal(("shop", "ann", digest, 0), (submitted.Spec.Name, submitted.Author, submitted.Spec.Services["web"].Run!.Digest, submitted.Spec.Jobs.Count));
    }

    [Fact]
    public async Task A_bad_file_and_a_refusal_keep_every_problem()
    {
        var problems = ImmutableArray.Create(new Problem { Rule = "unknown-key", Message = "unknown key 'imge'", File = "a.yaml", Line = 3, Column = 5 });
        await using var server = await TestServer.StartWithAsync(o => o with { ReadReleases = (_, _) => new ManifestReading(null, problems) });
        var problem = await server.PostAsync("api/architectures/shop/releases", new ApplyRequest { Manifest = "x", File = "a.yaml" }).ProblemAsync(422, "invalid");
        Assert.Equal(("a.yaml has 1 error; nothing was changed", problems[0]), (problem.Detail, Assert.Single(problem.Problems)));

        await using var other = await TestServer.StartWithAsync(o => o with { ReadReleases = (_, _) => new ManifestReading(Shop.Spec, []) });
        other.Control.Answer = _ => new CommandResult { Refusal = new Refusal { Type = "immutable-release", Detail = "because", Problems = problems } };
        problem = await other.PostAsync("api/architectures/shop/releases", new ApplyRequest { Manifest = "x" }).ProblemAsync(409, "immutable-release");
        Assert.Equal(("because", problems[0]), (problem.Detail, Assert.Single(problem.Problems)));
    }

    private static ArchitectureSpec With(string web, bool reversible = true) => Shop.Spec with
    {
        Services = Shop.Spec.Services.SetItem("web", Shop.Spec.Services["web"] with { Version = ReleaseVersion.Parse(web), Reversible = reversible }),
    };

    private static Release Release(string service, string version) => new()
    {
        Architecture = "shop",
        Service = service,
        Version = ReleaseVersion.Parse(version),
        Recorded = Shop.Noon,
        Spec = Shop.Spec.Services[service] with { Version = ReleaseVersion.Parse(version) },
    };
}
