using Tutti.Control.Commands;
using Tutti.Model.Manifest;
using Tutti.Model.Problems;

namespace Tutti.Control.Tests.Versions;

/// <summary>Releases are recorded once, with and without deploying them.</summary>
public sealed class CatalogueTests
{
    private readonly Bed _bed = new();

    public CatalogueTests()
    {
        _bed.Do(Shop.Apply(
            ("mail", new ServiceSpec { External = new ExternalSpec { Url = "https://mail.example.org" } }),
            ("web", Shop.Service("1.0.0"))));
        _bed.Pass(3);
    }

    [Fact]
    public void What_is_added_is_recorded_and_nothing_is_deployed()
    {
        var events = _bed.State.Events.Count;
        var result = _bed.Do(Add(("web", Shop.Service("1.1.0")), ("cart", Shop.Service("2.0.0")), ("web-old", Shop.Service("0.9.0"))));
        _bed.Pass(5);

        Assert.True(result is { Accepted: true, Changed: true, Set: 1 });
        Assert.Equal(["cart 2.0.0", "web 1.1.0", "web-old 0.9.0"], result.Recorded.Select(release => release.ToString()));
        Assert.Equal("1.1.0", _bed.State.Releases.Find("shop/web/1.1.0")!.Spec.Version!.ToString());
        Assert.Single(_bed.State.SetsOf("shop"));
        Assert.All(_bed.Instances("web"), instance => Assert.Equal("1.0.0", instance.Version.ToString()));
        Assert.Empty(_bed.Instances("cart"));
        Assert.Equal(["ann records cart 2.0.0, web 1.1.0, web-old 0.9.0, not deployed"], _bed.State.Events.Values.Skip(events).Select(line => line.Cause));
    }

    [Fact]
    public void The_same_release_again_changes_nothing()
    {
        _bed.Do(Add(("web", Shop.Service("1.1.0"))));
        _bed.Turn();
        var recorded = _bed.State.Releases.Find("shop/web/1.1.0");

        // Instances, environment and the like are no part of a release.
        var result = _bed.Handle(Add(("web", Shop.Service("1.1.0", instances: 7))));
        Assert.True(result is { Accepted: true, Changed: false, Recorded: [] });
        Assert.Equal(0, _bed.Core.Pending);
        Assert.Same(recorded, _bed.State.Releases.Find("shop/web/1.1.0"));
        Assert.True(_bed.Do(Shop.Apply(("web", Shop.Service("1.1.0", instances: 3)))).Changed);
        Assert.Same(recorded, _bed.State.Releases.Find("shop/web/1.1.0"));
    }

    [Fact]
    public void A_differing_one_is_refused_whoever_came_first()
    {
        _bed.Do(Add(("web", Shop.Service("1.1.0"))));
        var refusals = new[]
        {
            Refused(Add(("web", Shop.Service("1.1.0", command: "walk")))),
            Refused(Shop.Apply(("web", Shop.Service("1.1.0", command: "walk")))),
        };
        Assert.All(refusals, refusal => Assert.Equal(
            ("immutable-release", "web 1.1.0 was recorded with run.command [run], and now has [walk]: a release never changes, so give it a new version"),
            (refusal.Type, refusal.Detail)));
        var several = Refused(Add(("web", Shop.Service("1.0.0", command: "a")), ("new", Shop.Service("1.0.0"))));
        Assert.Equal("services.web.run.command", Assert.Single(several.Problems).Path);
        Assert.Null(_bed.State.Releases.Find("shop/new/1.0.0"));
    }

    [Fact]
    public void A_dependency_leads_into_the_file_the_architecture_or_the_catalogue()
    {
        Assert.True(_bed.Do(Add(("a", Shop.Service("1.0.0").DependingOn("b")), ("b", Shop.Service("1.0.0")))).Accepted);
        Assert.True(_bed.Do(Add(("c", Shop.Service("1.0.0").DependingOn("mail")))).Accepted);
        Assert.True(_bed.Do(Add(("d", Shop.Service("1.0.0").DependingOn("b")))).Accepted);

        var refusal = Refused(Add(("e", Shop.Service("1.0.0").DependingOn("wbe"))));
        Assert.Equal(
            ("invalid", "e 1.0.0 depends on 'wbe', which is neither in the file nor in shop, nor recorded; did you mean 'web'?"),
            (refusal.Type, refusal.Detail));
        Assert.Equal(
            ("unknown-service", "services.e.dependsOn.wbe", "a, b, c, d, e, mail, web", "web"),
            Of(Assert.Single(refusal.Problems)));
        refusal = Refused(Add(("e", Shop.Service("1.0.0").DependingOn("ledger")), ("f", Shop.Service("1.0.0").DependingOn("ledger"))));
        Assert.Equal("2 dependencies lead to services that shop does not know; nothing was changed", refusal.Detail);
        Assert.EndsWith("nor recorded; add it to the file, or record a release of it first", refusal.Problems[1].Message);

        static (string, string?, string?, string?) Of(Problem problem) => (problem.Rule, problem.Path, problem.Expected, problem.Suggestion);
    }

    [Fact]
    public void An_architecture_must_have_been_applied_once()
    {
        var elsewhere = new AddReleases(Shop.Of(("web", Shop.Service("1.1.0"))) with { Name = "shop2" }, "ann");
        Assert.Equal(
            ("not-found", "there is no architecture 'shop2' to record a release for; there is shop: name one with --architecture, or apply a manifest of 'shop2' first"),
            (Refused(elsewhere).Type, Refused(elsewhere).Detail));
        Assert.Equal(
            "there is no architecture 'shop2' to record a release for; apply a manifest of it first",
            new Bed().Do(elsewhere).Refusal?.Detail);
        _bed.Do(new DestroyArchitecture("shop", "ann"));
        Assert.True(_bed.Do(Add(("web", Shop.Service("1.1.0")))).Changed);
    }

    [Fact]
    public void Without_a_version_there_is_nothing_to_record() => Assert.Equal(
        ("invalid", "no service in it has a version, so there is no release to record"),
        (Refused(Add(("mail", new ServiceSpec { External = new ExternalSpec { Url = "https://mail.example.org" } }))).Type,
            Refused(Add(("mail", new ServiceSpec { External = new ExternalSpec { Url = "https://mail.example.org" } }))).Detail));

    [Fact]
    public void Many_are_journaled_in_one_short_line()
    {
        _bed.Do(new AddReleases(Shop.Of([.. Enumerable.Range(10, 30).Select(i => ($"s{i}", Shop.Service("1.0.0")))]), "ann"));
        Assert.EndsWith(", s29 1.0.0 and 10 more, not deployed", _bed.State.Events.Values.Last().Cause);
    }

    private static AddReleases Add(params ReadOnlySpan<(string Name, ServiceSpec Spec)> services) => new(Shop.Of(services), "ann");

    private Refusal Refused(Command command)
    {
        _bed.Turn();
        var result = _bed.Handle(command);
        Assert.Equal(0, _bed.Core.Pending);
        return result.Refusal!;
    }
}
