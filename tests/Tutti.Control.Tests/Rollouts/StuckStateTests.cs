using System.Collections.Immutable;
using Tutti.Control.Commands;
using Tutti.Control.Loop;
using Tutti.Control.State;
using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest;

namespace Tutti.Control.Tests.Rollouts;

/// <summary>Changes that meet each other: each once could get stuck, throw, or say something that was not so.</summary>
public sealed class StuckStateTests
{
    private static readonly UpdateSpec _canary = new() { Strategy = UpdateStrategy.Canary, Steps = [10, 20, 30, 40], Hold = TimeSpan.FromSeconds(5), AutoRollback = false };

    [Theory]
    [InlineData(ServiceKind.Cattle)]
    [InlineData(ServiceKind.Pet)]
    public void Cattle_become_pets_and_pets_become_cattle(ServiceKind first)
    {
        var bed = new Bed();
        var (before, after) = first == ServiceKind.Cattle
            ? (Shop.Service("1.0.0", 3), Shop.Pet("2.0.0", 2, volumes: false))
            : (Shop.Pet("1.0.0", 3, volumes: false), Shop.Service("2.0.0", 2));
        bed.Do(Shop.Apply(("db", before)));
        bed.Pass(5);
        bed.Do(Shop.Apply(("db", after)));
        bed.Pass(20);

        Assert.Equal(ServiceStatus.Run, bed.Service("db").Status);
        Assert.Equal(["2.0.0", "2.0.0"], bed.Instances("db").Select(instance => instance.Version.ToString()));
        Assert.All(bed.Instances("db"), instance => Assert.Equal(after.Kind == ServiceKind.Pet, instance.Ordinal >= 0));
    }

    [Fact]
    public void A_canary_that_never_ran_is_replaced_by_a_good_one()
    {
        var bed = new Bed { Fate = instance => instance.Version.Major == 1 ? Fate.Sick("no answer") : Fate.Healthy };
        bed.Do(Shop.Apply(("web", Shop.Service("1.0.0", 10, _canary))));
        bed.Pass(5);
        bed.Do(Shop.Apply(("web", Shop.Service("2.0.0", 10, _canary))));

        bed.PassUntil(() => bed.Service("web").Status == ServiceStatus.Run, 60);
    }

    [Theory]
    [InlineData("resume")]
    [InlineData("scale")]
    [InlineData("restart")]
    [InlineData("rollback")]
    public void A_failed_canary_goes_on_after(string what)
    {
        var sick = true;
        var bed = new Bed { Fate = instance => instance.Version.Major == 2 && sick ? Fate.Sick("no answer") : Fate.Healthy };
        bed.Do(Shop.Apply(("web", Shop.Service("1.0.0", 10, _canary))));
        bed.Pass(5);
        bed.Do(Shop.Apply(("web", Shop.Service("2.0.0", 10, _canary))));
        bed.PassUntil(() => bed.Service("web").Status == ServiceStatus.Failed);
        Assert.Equal(10, bed.Instances("web").Count(instance => instance is { Version.Major: 1, InDiscovery: true }));
        sick = false;
        bed.Agent("n1").Kill(bed.Instances("web").Single(instance => instance.Version.Major == 2).Id);
        Command command = what switch
        {
            "resume" => new ResumeService("shop", "web", "ann"),
            "scale" => new ScaleService("shop", "web", 12, 12, "ann"),
            "restart" => new RestartService("shop", "web", "ann"),
            _ => new RollbackArchitecture("shop", null, false, "ann"),
        };
        bed.Do(command);

        bed.PassUntil(() => bed.Service("web").Status == ServiceStatus.Run, 120);
        var (version, count) = what switch { "rollback" => (1, 10), "scale" => (2, 12), _ => (2, 10) };
        Assert.Equal(Enumerable.Repeat(version, count), bed.Instances("web").Select(instance => instance.Version.Major));
    }

    [Fact]
    public void A_restart_in_the_middle_of_an_update_does_not_cost_its_rollback()
    {
        var bed = new Bed { Fate = instance => instance.Version.Major == 2 ? Fate.Sick("no answer") : Fate.Healthy };
        bed.Do(Shop.Apply(("web", Shop.Service("1.0.0"))));
        bed.Pass(5);
        bed.Do(Shop.Apply(("web", Shop.Service("2.0.0"))));
        bed.Pass(5);
        bed.Do(new RestartService("shop", "web", "ann"));
        bed.Pass(70);

        Assert.Equal(ServiceStatus.Run, bed.Service("web").Status);
        Assert.Equal([1, 1], bed.Instances("web").Select(instance => instance.Version.Major));
    }

    [Fact]
    public void A_healthy_update_does_not_fail_because_the_old_ones_take_their_time_to_stop()
    {
        var bed = new Bed();
        var slow = new StopSpec { Drain = TimeSpan.FromMinutes(3) };
        bed.Do(Shop.Apply(("web", Shop.Service("1.0.0") with { Stop = slow })));
        bed.Pass(5);
        bed.Agent("n1").SlowToStop = true;
        bed.Do(Shop.Apply(("web", Shop.Service("2.0.0") with { Stop = slow })));
        bed.Pass(150);
        Assert.Equal(ServiceStatus.Update, bed.Service("web").Status);
        bed.Agent("n1").SlowToStop = false;
        bed.Pass(2);

        Assert.Equal((ServiceStatus.Run, OperationState.Succeeded), (bed.Service("web").Status, bed.LastOperation("web").State));
    }

    [Fact]
    public void A_pet_that_was_stopping_when_its_node_was_lost_comes_up_elsewhere_and_never_before_its_lease_ran_out()
    {
        var bed = new Bed(nodes: ["n1", "n2"]);
        bed.Do(Shop.Apply(("db", Shop.Pet("1.0.0", volumes: false))));
        bed.Pass(3);
        var node = bed.Instances("db")[0].Node!;
        bed.Agent(node).SlowToStop = true;
        bed.Do(Shop.Apply(("db", Shop.Pet("2.0.0", volumes: false))));
        bed.Pass(1);
        bed.Agent(node).Up = false;
        bed.Pass(24);
        Assert.Equal(node, bed.Instances("db")[0].Node);
        bed.PassUntil(() => bed.Instances("db")[0].InDiscovery, 10);

        Assert.NotEqual(node, bed.Instances("db")[0].Node);
    }

    [Fact]
    public void Destroying_overrides_a_pause_and_applying_again_while_they_stop_brings_it_back()
    {
        var bed = new Bed();
        var manifest = Shop.Apply(("db", Shop.Pet("1.0.0")), ("web", Shop.Service("1.0.0")));
        bed.Do(manifest);
        bed.Pass(3);
        bed.Do(new PauseService("shop", "web", true, "ann"));
        bed.Agent("n1").SlowToStop = true;
        bed.Do(new DestroyArchitecture("shop", "ann"));
        Assert.Equal((ServiceStatus.Destroy, OperationState.Running), (bed.Service("web").Status, bed.LastOperation("web").State));
        bed.Do(manifest);
        Assert.Contains(bed.State.Events.Values, line => line.Cause == "ann brings shop back");
        bed.Agent("n1").SlowToStop = false;
        bed.Pass(5);

        Assert.All(["db", "web"], service => Assert.Equal((ServiceStatus.Run, false), (bed.Service(service).Status, bed.Service(service).Paused)));
        Assert.Equal((1, 2), (bed.Instances("db").Count, bed.Instances("web").Count));
    }

    [Fact]
    public void Destroying_says_that_it_waits_for_a_lost_node()
    {
        var bed = new Bed();
        bed.Do(Shop.Apply(("web", Shop.Service("1.0.0"))));
        bed.Pass(3);
        bed.Agent("n1").Up = false;
        bed.Pass(12);
        bed.Do(new DestroyArchitecture("shop", "ann"));
        Assert.Equal("waits for node n1, which is lost: bring it back, or remove it from the cluster", bed.Service("web").Cause);
        bed.Do(new RemoveNode("n1", "ann"));

        Assert.Empty(bed.State.Services.All);
    }

    [Fact]
    public void A_service_that_becomes_external_or_leaves_the_manifest_goes_even_when_it_failed()
    {
        var bed = new Bed { Fate = _ => Fate.Crash(1) };
        bed.Do(Shop.Apply(("mail", Shop.Service("1.0.0")), ("web", Shop.Service("1.0.0"))));
        bed.PassUntil(() => bed.State.Services.All.All(service => service.Status == ServiceStatus.Failed));
        bed.Do(Shop.Apply(("mail", new ServiceSpec { External = new ExternalSpec { Url = "https://mail.example.org" } })));

        Assert.Empty(bed.State.Services.All);
        Assert.Contains(bed.State.Events.Values, line => line.Service == "mail" && line.Cause == "set 2 says that it is external");
        Assert.Contains(bed.State.Events.Values, line => line.Service == "web" && line.Cause == "set 2 has no such service");
    }

    [Fact]
    public void A_missing_provider_is_waited_for_without_a_deadline_and_named()
    {
        var bed = new Bed { Fate = instance => instance.Service == "cart" ? Fate.Sick("not yet") : Fate.Healthy };
        bed.Do(Shop.Apply(("cart", Shop.Service("1.0.0", 1)), ("web", Shop.Service("1.0.0").DependingOn("cart"))));
        bed.Pass(200);
        Assert.Equal((ServiceStatus.Provision, "waits for cart, which has no healthy instance yet"), (bed.Service("web").Status, bed.Service("web").Cause));
        Assert.Equal(ServiceStatus.Failed, bed.Service("cart").Status);
        bed.Fate = _ => Fate.Healthy;
        bed.Agent("n1").Kill(bed.Instances("cart")[0].Id);
        bed.Pass(5);

        Assert.Equal(ServiceStatus.Run, bed.Service("web").Status);
    }

    [Fact]
    public void A_failed_step_takes_its_whole_transition_back()
    {
        var bed = new Bed { Fate = instance => instance is { Service: "web", Version.Major: 2 } ? Fate.Sick("no answer") : Fate.Healthy };
        bed.Do(Shop.Apply(("cart", Shop.Service("1.0.0")), ("web", Shop.Service("1.0.0"))));
        bed.Pass(5);
        bed.Do(Shop.Apply(("cart", Shop.Service("2.0.0")), ("web", Shop.Service("2.0.0"))));
        bed.Pass(10);
        Assert.Equal(2, bed.Instances("cart")[0].Version.Major);
        bed.Pass(70);

        Assert.Equal([1, 1], bed.State.Services.All.Select(service => bed.Instances(service.Name)[0].Version.Major));
        Assert.Equal([TransitionState.Succeeded, TransitionState.RolledBack, TransitionState.Succeeded], bed.State.TransitionsOf("shop").Select(transition => transition.State));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_canary_of_nobody_and_of_one(int wanted)
    {
        var bed = new Bed();
        bed.Do(Shop.Apply(("web", Shop.Service("1.0.0", wanted, _canary))));
        bed.Pass(5);
        bed.Do(Shop.Apply(("web", Shop.Service("2.0.0", wanted, _canary))));
        bed.Pass(10);

        Assert.Equal((ServiceStatus.Run, wanted), (bed.Service("web").Status, bed.Instances("web").Count));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    public void Blue_green_and_a_scaling_at_the_same_time(int to)
    {
        var bed = new Bed();
        var update = new UpdateSpec { Strategy = UpdateStrategy.BlueGreen, MinHealthyTime = TimeSpan.FromSeconds(5) };
        bed.Do(Shop.Apply(("web", Shop.Service("1.0.0", 3, update))));
        bed.Pass(8);
        bed.Do(Shop.Apply(("web", Shop.Service("2.0.0", 3, update))));
        bed.Pass(2);
        bed.Do(new ScaleService("shop", "web", to, to, "ann"));
        Assert.Equal(3, bed.Instances("web").Count(instance => instance.InDiscovery));
        bed.Pass(20);

        Assert.Equal(Enumerable.Repeat(2, to), bed.Instances("web").Select(instance => instance.Version.Major));
        Assert.Equal(ServiceStatus.Run, bed.Service("web").Status);
    }

    [Fact]
    public void Preempted_and_placed_again_when_room_appears()
    {
        var bed = new Bed(nodes: ["n1"]);
        bed.Agent("n1").Up = false;
        bed.Pass(12);
        bed.Do(new RemoveNode("n1", "ann"));
        bed.Join("small", 200);
        ResourceSpec half = new() { Cpu = new Tutti.Model.Quantities.Cpu(100) };
        bed.Do(Shop.Apply(("report", Shop.Service("1.0.0", 2) with { Resources = half, Criticality = Criticality.Sheddable })));
        bed.Pass(3);
        bed.Do(Shop.Apply(
            ("pay", Shop.Service("1.0.0", 1) with { Resources = half }),
            ("report", Shop.Service("1.0.0", 2) with { Resources = half, Criticality = Criticality.Sheddable })));
        bed.Pass(3);
        Assert.Equal(ServiceStatus.Run, bed.Service("pay").Status);
        Assert.Contains(bed.State.Events.Values, line => line.Cause == "preempted on small by shop/pay, which is more critical");
        Assert.Equal((ServiceHealth.Degraded, true), (bed.Service("report").Health, bed.Service("report").Unplaced?.StartsWith("1 waiting for a node: ", StringComparison.Ordinal)));
        bed.Join("other", 200);
        bed.Pass(3);

        Assert.Equal((ServiceHealth.Healthy, (string?)null), (bed.Service("report").Health, bed.Service("report").Unplaced));
    }

    // Everything at once was once one batch, over the store's bound, refused for ever.
    [Fact]
    public void A_turn_has_a_bound_whatever_is_asked()
    {
        var bed = new Bed(new ControlOptions { InstancesPerTurn = 10 });
        bed.Agent("n1").Up = false;
        bed.Pass(12);
        var largest = 0;
        bed.Turned += changes => largest = Math.Max(largest, changes.Length);
        bed.Do(Shop.Apply(("web", Shop.Service("1.0.0", 200))));
        bed.Agent("n1").Up = true;
        bed.Agent("n1").Register();
        bed.Settle();
        Assert.All(bed.Instances("web"), instance => Assert.NotNull(instance.Node));
        Assert.InRange(largest, 10, 100);
        bed.Pass(5);
        largest = 0;
        bed.Agent("n1").SlowToStop = true;
        bed.Do(new DestroyArchitecture("shop", "ann"));

        Assert.InRange(largest, 10, 100);
        Assert.All(bed.Instances("web"), instance => Assert.Equal(InstancePhase.Destroy, instance.Phase));
    }

    [Fact]
    public void A_restarted_server_goes_on_where_it_was()
    {
        var bed = new Bed();
        bed.Do(Shop.Apply(("web", Shop.Service("1.0.0", 4))));
        bed.Pass(3);
        bed.Do(Shop.Apply(("web", Shop.Service("2.0.0", 4))));
        bed.Pass(1);
        bed.Restart();
        bed.Pass(10);

        Assert.Equal((ServiceStatus.Run, OperationState.Succeeded), (bed.Service("web").Status, bed.LastOperation("web").State));
        Assert.Equal([2, 2, 2, 2], bed.Instances("web").Select(instance => instance.Version.Major));
    }
}
