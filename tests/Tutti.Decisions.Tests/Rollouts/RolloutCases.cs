using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Tutti.Decisions.Rollouts;
using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest;

namespace Tutti.Decisions.Tests.Rollouts;

/// <summary>A service in any mixed state, under any policy.</summary>
public sealed record RolloutCase(RolloutSnapshot Snapshot)
{
    public override string ToString()
    {
        var (s, p) = (Snapshot, Snapshot.Policy);
        var instances = s.Instances.Select(i =>
            $"{i.Id} {i.Template} {i.Phase}{(i.RunSince is { } since ? $" for {(s.Now - since).TotalSeconds}s" : "")}{(i.Stopping ? " stopping" : "")}{(i.Stopped ? " stopped" : "")}{(i.MustMove ? " must-move" : "")}{(i.Withheld ? " withheld" : "")}{(i.Placed ? "" : " unplaced")}");
        return $"\n{s.Kind} {p.Strategy} wanted {s.Wanted} surge {p.MaxSurge} unavailable {p.MaxUnavailable} healthy {p.MinHealthyTime.TotalSeconds}s steps [{string.Join(' ', p.Steps)}] step {s.Step}{(s.Paused ? " paused" : "")}{(s.Blocked ? " blocked" : "")}\n  {string.Join("\n  ", instances)}";
    }
}

/// <summary>Generators of mixed states.</summary>
public static class RolloutCases
{
    public static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Gen<UpdateSpec> _policy =
        from strategy in Gen.Elements(UpdateStrategy.Rolling, UpdateStrategy.Canary, UpdateStrategy.BlueGreen)
        from surge in Gen.Choose(0, 3)
        from unavailable in Gen.Choose(0, 3)
        from healthy in Gen.Elements(0, 1, 5)
        from steps in Gen.Elements<int[]>([1], [20], [10, 20, 30, 40], [25, 50], [7, 99], [100])
        select new UpdateSpec
        {
            Strategy = strategy,
            MaxSurge = surge + unavailable == 0 ? 1 : surge,
            MaxUnavailable = unavailable,
            MinHealthyTime = TimeSpan.FromSeconds(healthy),
            Steps = [.. steps],
            Hold = TimeSpan.FromSeconds(4),
        };

    private static readonly Gen<RolloutInstance> _instance =
        from template in Gen.Elements("new", "new", "old", "older")
        from phase in Gen.Elements(InstancePhase.Provision, InstancePhase.Ready, InstancePhase.Run, InstancePhase.Run, InstancePhase.Run, InstancePhase.Destroy, InstancePhase.Failed)
        from ran in Gen.Choose(0, 8)
        from created in Gen.Choose(0, 20)
        from stopping in Gen.Elements(true, false)
        from stopped in Gen.Elements(true, false)
        from placed in Gen.Elements(true, true, false)
        from moves in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
        from withheld in Gen.Frequency((3, Gen.Constant(false)), (1, Gen.Constant(true)))
        select new RolloutInstance
        {
            Id = "",
            Template = template,
            Phase = phase,
            RunSince = phase == InstancePhase.Run ? Now.AddSeconds(-ran) : null,
            Created = Now.AddSeconds(-created),
            Stopping = phase == InstancePhase.Destroy || (phase == InstancePhase.Failed && stopping),
            Stopped = phase is InstancePhase.Destroy or InstancePhase.Failed && stopped,
            Placed = phase != InstancePhase.Provision || placed,
            MustMove = moves && (phase != InstancePhase.Provision || placed),
            Withheld = withheld,
        };

    private static readonly Gen<RolloutCase> _case =
        from kind in Gen.Elements(ServiceKind.Cattle, ServiceKind.Cattle, ServiceKind.Pet)
        from wanted in Gen.Choose(0, 6)
        from policy in _policy
        from count in Gen.Choose(0, 9)
        from instances in _instance.ListOf(count)
        from skip in Gen.Choose(0, 2)
        from strangers in Gen.Frequency((4, Gen.Constant(0)), (1, Gen.Choose(1, 3)))
        from step in Gen.Choose(0, 3)
        from paused in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
        from blocked in Gen.Frequency((6, Gen.Constant(false)), (1, Gen.Constant(true)))
        select new RolloutCase(new RolloutSnapshot
        {
            Now = Now,
            Template = "new",
            Wanted = wanted,
            Kind = kind,
            Policy = policy,
            Step = policy.Strategy == UpdateStrategy.Canary ? Math.Min(step, policy.Steps.Length) : 0,
            Paused = paused,
            Blocked = blocked,
            Instances = [.. instances.Select((instance, index) => Numbered(instance, index, kind, skip, strangers))],
        });

    public static Arbitrary<RolloutCase> Case() => _case.ToArbitrary();

    // The first few of a pet's instances may be cattle: what is left of the service before it became a pet. They never have its template.
    private static RolloutInstance Numbered(RolloutInstance instance, int index, ServiceKind kind, int skip, int strangers) =>
        kind == ServiceKind.Cattle ? instance with { Id = $"web-{index}" }
        : index < strangers ? instance with { Id = $"db-x{index}", Template = "old", Withheld = false }
        : instance with { Id = $"db-{index - strangers + skip}", Ordinal = index - strangers + skip, Withheld = false };
}
