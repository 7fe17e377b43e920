using Tutti.Control.Commands;
using Tutti.Model.Agents;
using Tutti.Model.Manifest;
using Tutti.Model.Quantities;

namespace Tutti.Control.Tests.Commands;

/// <summary>Every refusal names the thing and the remedy, and has changed nothing.</summary>
public sealed class RefusalTests
{
    private readonly Bed _bed = new();

    public RefusalTests()
    {
        _bed.Do(Shop.Apply(
            ("mail", new ServiceSpec { External = new ExternalSpec { Url = "https://mail.example.org" } }),
            ("web", Shop.Service("1.0.0"))));
        _bed.Pass(3);
    }

    public static TheoryData<Command, string, string> Refusals() => new()
    {
        { new ScaleService("shp", "web", 1, 1, "ann"), "not-found", "there is no architecture 'shp'; there is shop" },
        { new RestartService("shp", "web", "ann"), "not-found", "there is no architecture 'shp'; there is shop" },
        { new DestroyArchitecture("shp", "ann"), "not-found", "there is no architecture 'shp'; there is shop" },
        { new RollbackArchitecture("shp", null, false, "ann"), "not-found", "there is no architecture 'shp'; there is shop" },
        { new ScaleService("shop", "wbe", 1, 1, "ann"), "not-found", "there is no service 'wbe'; there is mail, web" },
        { new PauseService("shop", "wbe", true, "ann"), "not-found", "there is no service 'wbe'; there is web" },
        { new ResumeService("shop", "wbe", "ann"), "not-found", "there is no service 'wbe'; there is web" },
        { new RollbackArchitecture("shop", 7, false, "ann"), "not-found", "there is no version set '7'; there is 1" },
        { new DrainNode("n7", true, "ann"), "not-found", "there is no node 'n7'; there is n1" },
        { new RemoveNode("n7", "ann"), "not-found", "there is no node 'n7'; there is n1" },
        { new ScaleService("shop", "mail", 1, 1, "ann"), "invalid", "mail is external: Tutti does not run it, so it cannot be scaled" },
        { new ScaleService("shop", "web", -1, 1, "ann"), "invalid", "-1..1 is no number of instances: from 0 to 1,000,000, the first not above the second" },
        { new ScaleService("shop", "web", 3, 2, "ann"), "invalid", "3..2 is no number of instances: from 0 to 1,000,000, the first not above the second" },
        { new ScaleService("shop", "web", 1, 1_000_001, "ann"), "invalid", "1..1000001 is no number of instances: from 0 to 1,000,000, the first not above the second" },
        { new ResumeService("shop", "web", "ann"), "conflict", "web is in Run, not Failed: there is nothing to resume" },
        { new RollbackArchitecture("shop", null, false, "ann"), "conflict", "shop has no set before set 1: there is nothing to go back to" },
        { new RemoveNode("n1", "ann"), "conflict", "node n1 is Ready and runs 2 instances: drain it first with 'tutti drain n1', or stop its agent" },
        {
            new RegisterNode(new NodeRegistration { Name = "n9", Session = "s", ClusterId = "other", Address = "127.0.0.1", Capacity = new NodeCapacity(new Cpu(1), ByteSize.FromMebibytes(1)) }),
            "wrong-cluster",
            "agent n9 belongs to cluster other, this is cluster-1: give it another data folder, or join the server it came from"
        },
        {
            Shop.Apply(("web", Shop.Service("1.0.0", command: "walk"))),
            "immutable-release",
            "web 1.0.0 was recorded with run.command [run], and now has [walk]: a release never changes, so give it a new version"
        },
    };

    [Theory]
    [MemberData(nameof(Refusals), DisableDiscoveryEnumeration = true)]
    public void Says_why_and_changes_nothing(Command command, string type, string detail)
    {
        _bed.Turn();
        var result = _bed.Handle(command);

        Assert.Equal((type, detail), (result.Refusal?.Type, result.Refusal?.Detail));
        Assert.False(result.Accepted || result.Changed);
        Assert.Equal(0, _bed.Core.Pending);
    }

    [Fact]
    public void Several_changed_releases_are_all_named()
    {
        _bed.Do(Shop.Apply(("cart", Shop.Service("1.0.0")), ("web", Shop.Service("1.0.0"))));
        var refusal = _bed.Do(Shop.Apply(("cart", Shop.Service("1.0.0", command: "a")), ("web", Shop.Service("1.0.0", command: "b")))).Refusal!;

        Assert.Equal("2 releases differ from what was recorded under the same version; raise their versions", refusal.Detail);
        Assert.Equal(["services.cart.run.command", "services.web.run.command"], refusal.Problems.Select(problem => problem.Path));
        Assert.Equal(("[run]", "[b]"), (refusal.Problems[1].Expected, refusal.Problems[1].Found));
    }

    [Fact]
    public void Not_past_a_release_that_is_not_reversible_without_force()
    {
        _bed.Do(Shop.Apply(("web", Shop.Service("2.0.0") with { Reversible = false })));
        _bed.Pass(5);
        var refusal = _bed.Do(new RollbackArchitecture("shop", null, false, "ann")).Refusal!;

        Assert.Equal(("not-reversible", "web 2.0.0 is marked 'reversible: false' and set 1 is older: use --force to go back all the same"), (refusal.Type, refusal.Detail));
        Assert.Equal(3, _bed.Do(new RollbackArchitecture("shop", null, true, "ann")).Set);
    }

    [Fact]
    public void A_destroyed_architecture_is_neither_scaled_restarted_nor_rolled_back()
    {
        _bed.Agent("n1").SlowToStop = true;
        _bed.Do(new DestroyArchitecture("shop", "ann"));

        Assert.Equal("shop is destroyed: apply its manifest to bring it back", _bed.Do(new ScaleService("shop", "web", 3, 3, "ann")).Refusal?.Detail);
        Assert.Equal("shop is destroyed: apply its manifest to bring it back", _bed.Do(new RollbackArchitecture("shop", 1, true, "ann")).Refusal?.Detail);
        Assert.Equal("web is being destroyed: apply its manifest to bring it back", _bed.Do(new RestartService("shop", "web", "ann")).Refusal?.Detail);
        Assert.False(_bed.Do(new DestroyArchitecture("shop", "ann")).Changed);
    }

    [Fact]
    public void Asking_for_what_is_already_so_makes_no_set()
    {
        Assert.Equal((1, false), Outcome(_bed.Do(new ScaleService("shop", "web", 2, 10, "ann"))));
        Assert.False(_bed.Do(new PauseService("shop", "web", false, "ann")).Changed);
        Assert.False(_bed.Do(new DrainNode("n1", false, "ann")).Changed);

        static (int?, bool) Outcome(CommandResult result) => (result.Set, result.Changed);
    }
}
