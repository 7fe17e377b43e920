using System.Collections.Immutable;
using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest;
using Tutti.Model.Versions;

namespace Tutti.Simulation;

/// <summary>Three services that accept every version of one another, with all kinds of update policies.</summary>
internal sealed class AnyShop(World world) : ISimArchitecture
{
    public string[] Names { get; } = ["cart", "db", "web"];

    public bool IsPet(string service) => service == "db";

    public ArchitectureSpec Next(int number, bool good)
    {
        var update = SimPolicies.Any(world);
        return new ArchitectureSpec
        {
            Name = "shop",
            Services = ImmutableSortedDictionary<string, ServiceSpec>.Empty
                .Add("web", Service(number, good, world.Random.Next(1, 5), world.Random.Next(2) == 0 ? update : new UpdateSpec { Deadline = SimPolicies.Deadline }) with
                {
                    DependsOn = ImmutableSortedDictionary<string, DependencySpec>.Empty.Add("cart", new DependencySpec()),
                    Criticality = Criticality.Sheddable,
                })
                .Add("cart", Service(number, true, world.Random.Next(1, 5), update))
                .Add("db", Service(number, true, 1, new UpdateSpec { Deadline = SimPolicies.Deadline }) with
                {
                    Kind = ServiceKind.Pet,
                    Volumes = ImmutableSortedDictionary<string, VolumeSpec>.Empty.Add("data", new VolumeSpec()),
                    Recover = new RecoverSpec { Restarts = 10 },
                }),
        };
    }

    private static ServiceSpec Service(int number, bool good, int instances, UpdateSpec update) => new()
    {
        Version = ReleaseVersion.Parse($"{(good ? 1 : 9)}.{number}.0"),
        Run = new RunSpec { Command = ["run"] },
        Instances = new InstancesSpec { Min = instances, Max = 6 },
        Update = update,
    };
}
