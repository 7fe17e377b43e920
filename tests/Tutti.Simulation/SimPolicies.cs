using Tutti.Model.Manifest;

namespace Tutti.Simulation;

/// <summary>Update policies to choose from.</summary>
internal static class SimPolicies
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(40);

    public static UpdateSpec Any(World world) => Pick(world.Random.Next(3) switch
    {
        0 => new UpdateSpec { MaxSurge = 0, MaxUnavailable = 1 },
        1 => new UpdateSpec { Strategy = UpdateStrategy.BlueGreen },
        _ => new UpdateSpec { Strategy = UpdateStrategy.Canary, Steps = [30, 60], Hold = TimeSpan.FromSeconds(5) },
    });

    /// <summary>One that never takes the last healthy instance away.</summary>
    public static UpdateSpec Careful(World world) => Pick(world.Random.Next(4) switch
    {
        0 => new UpdateSpec { Strategy = UpdateStrategy.BlueGreen },
        1 => new UpdateSpec { Strategy = UpdateStrategy.Canary, Steps = [30, 60], Hold = TimeSpan.FromSeconds(5) },
        _ => new UpdateSpec { MaxSurge = world.Random.Next(1, 3) },
    });

    private static UpdateSpec Pick(UpdateSpec update) => update with { Deadline = Deadline };
}
