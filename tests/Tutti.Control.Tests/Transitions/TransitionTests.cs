using Tutti.Control.Commands;
using Tutti.Control.State;
using Tutti.Control.Transitions;
using Tutti.Model.Agents;
using Tutti.Model.Lifecycle;
using Tutti.Model.Quantities;

namespace Tutti.Control.Tests.Transitions;

/// <summary>web 1 and cart 1 understand only each other, and so do web 2 and cart 2.</summary>
public sealed class TransitionTests
{
    private readonly Bed _bed = new();

    [Fact]
    public void What_does_not_fit_runs_side_by_side_and_goes_consumers_first()
    {
        var order = new List<string>();
        _bed.Turned += changes => order.AddRange(from change in changes
                                                 where change is { Before: null or Instance { Goal: AssignmentGoal.Run }, After: Instance { Goal: AssignmentGoal.Stop } } or { Before: null, After: Instance }
                                                 let instance = (Instance)change.After!
                                                 select $"{(instance.Goal == AssignmentGoal.Stop ? "stop" : "start")} {instance.Service} {instance.Version.Major}");
        Up(1);
        order.Clear();
        Up(2);

        Assert.Equal(
            ["start cart 2", "start cart 2", "start web 2", "stop web 1", "start web 2", "stop web 1", "stop cart 1", "stop cart 1"],
            order);
        Assert.Equal(TransitionState.Succeeded, Current().State);
        Assert.Equal(2, _bed.State.Architectures.Find("shop")!.StableSet);
    }

    [Fact]
    public void A_held_side_is_repaired_with_its_own_release()
    {
        Up(1);
        _bed.Fate = instance => instance is { Service: "web", Version.Major: 2 } ? Fate.Sick("not yet") : Fate.Healthy;
        _bed.Do(Versions(2));
        _bed.Pass(5);
        _bed.Agent("n1").Kill(_bed.Instances("cart").First(instance => instance.Version.Major == 1).Id);
        _bed.Pass(5);

        Assert.Equal([(1, 2), (2, 2)], Serving("cart"));
        Assert.StartsWith("waits for web 1.0.0 to be gone: web 1.0.0 accepts cart >=1 <2, not 2.0.0", _bed.Service("cart").Cause, StringComparison.Ordinal);
        Assert.Equal(OperationState.Running, _bed.LastOperation("cart").State);
    }

    [Fact]
    public void Who_waits_for_others_has_no_deadline_and_who_fails_takes_all_back()
    {
        Up(1);
        _bed.Fate = instance => instance is { Service: "web", Version.Major: 2 } ? Fate.Crash(1) : Fate.Healthy;
        _bed.Do(Versions(2));
        _bed.PassUntil(() => Current() is { ToSet: 3, State: TransitionState.Succeeded });

        Assert.Equal([(1, 2)], Serving("cart"));
        Assert.Equal([(1, 2)], Serving("web"));
        Assert.Equal(TransitionState.RolledBack, _bed.State.Transition("shop", 2)!.State);
        Assert.Equal((1, "tutti"), (_bed.State.Set("shop", 3)!.RollbackOf, _bed.State.Set("shop", 3)!.Author));
    }

    [Fact]
    public void A_newer_set_goes_on_from_what_runs_also_after_a_crash()
    {
        Up(1);
        _bed.Do(Versions(2));
        _bed.PassUntil(() => Serving("web").Count == 2);
        _bed.Restart();
        _bed.Do(Versions(1) with { Message = "back" });
        Assert.Equal(TransitionState.Superseded, _bed.State.Transition("shop", 2)!.State);
        _bed.PassUntil(() => Current().State == TransitionState.Succeeded);

        Assert.Equal([(1, 2)], Serving("cart"));
        Assert.Equal([(1, 2)], Serving("web"));
    }

    [Fact]
    public void A_gap_needs_consent()
    {
        _bed.Do(Shop.Apply(("db", Shop.Pet("1.0.0")), ("web", Shop.Service("1.0.0").DependingOn("db"))));
        _bed.Pass(5);
        var next = Shop.Apply(("db", Shop.Pet("2.0.0")), ("web", Shop.Service("1.0.0").DependingOn("db")));
        var refused = _bed.Do(next);
        Assert.Equal("gap", refused.Refusal?.Type);
        Assert.StartsWith("db is down while it goes from 1.0.0 to 2.0.0, and web 1.0.0 lacks it", refused.Refusal!.Detail, StringComparison.Ordinal);
        Assert.EndsWith("Agree to it with --allow-gap; nothing was changed", refused.Refusal.Detail, StringComparison.Ordinal);
        Assert.Equal(1, _bed.State.Architectures.Find("shop")!.LastSet);
        Assert.True(_bed.Do(next with { AllowGap = true }).Accepted);
        _bed.PassUntil(() => Current().State == TransitionState.Succeeded);
    }

    [Fact]
    public void What_has_no_room_beside_the_old_is_refused_before_anything_starts()
    {
        Up(1, cpuMillis: 20_000);
        var refused = _bed.Do(Versions(2, cpuMillis: 20_000));
        Assert.Equal("no-room", refused.Refusal?.Type);
        Assert.Contains("there is no room for 1 of cart 2.0.0 (", refused.Refusal!.Detail, StringComparison.Ordinal);
        Assert.Equal((1, 4), (_bed.State.Architectures.Find("shop")!.LastSet, _bed.State.Instances.All.Count));
        Assert.Null(SideRoom.Of(_bed.State).Lacks("shop", Versions(1).Spec, Tutti.Decisions.Transitions.TransitionPlanner.Plan(Sides.Question(_bed.State, "shop", Versions(1).Spec))));
    }

    [Fact]
    public void A_service_that_goes_stays_until_nobody_needs_it()
    {
        _bed.Do(Shop.Apply(("cart", Shop.Service("1.0.0")), ("web", Shop.Service("1.0.0").DependingOn("cart"))));
        _bed.Pass(5);
        _bed.Fate = instance => instance is { Service: "web", Version.Major: 2 } ? Fate.Sick("not yet") : Fate.Healthy;
        _bed.Do(Shop.Apply(("web", Shop.Service("2.0.0"))));
        _bed.Pass(20);
        Assert.Equal([(1, 2)], Serving("cart"));
        _bed.Fate = _ => Fate.Healthy;
        _bed.Agent("n1").Kill(_bed.Instances("web").First(instance => instance.Version.Major == 2).Id);
        _bed.PassUntil(() => Current().State == TransitionState.Succeeded);

        Assert.Empty(_bed.Instances("cart"));
    }

    private static ApplyManifest Versions(int major, int cpuMillis = 0) => Shop.Apply(
        ("cart", Shop.Service($"{major}.0.0") with { Resources = new() { Cpu = new Cpu(cpuMillis) } }),
        ("web", Shop.Service($"{major}.0.0").DependingOn("cart", $">={major} <{major + 1}")));

    private void Up(int major, int cpuMillis = 0)
    {
        Assert.Null(_bed.Do(Versions(major, cpuMillis)).Refusal);
        _bed.PassUntil(() => Current().State == TransitionState.Succeeded);
    }

    private Transition Current() => _bed.State.TransitionsOf("shop").Last();

    private List<(int Major, int Count)> Serving(string service) =>
        [.. _bed.Instances(service).Where(instance => instance.InDiscovery).GroupBy(instance => instance.Version.Major).OrderBy(group => group.Key).Select(group => (group.Key, group.Count()))];
}
