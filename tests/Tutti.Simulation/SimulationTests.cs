using System.Globalization;

namespace Tutti.Simulation;

public sealed class SimulationTests
{
    /// <summary>One seed only, to replay a failure: <c>TUTTI_SIM_SEED=17 dotnet test --project tests/Tutti.Simulation</c>.</summary>
    private static readonly int? OnlySeed =
        int.TryParse(Environment.GetEnvironmentVariable("TUTTI_SIM_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed : null;

    public static IEnumerable<TheoryDataRow<int, int>> Blocks() =>
        OnlySeed is { } only ? [new(only, 1)] : Enumerable.Range(0, 10).Select(block => new TheoryDataRow<int, int>(block * 30, 30));

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Every_seed_keeps_the_invariants_and_comes_right(int first, int count)
    {
        var failures = Enumerable.Range(first, count).Select(seed => Failure(seed, Shop(seed))).Where(failure => failure is not null).ToList();
        Assert.True(failures.Count == 0, string.Join("\n", failures));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(57)]
    [InlineData(111)]
    [InlineData(204)]
    public void The_same_seed_ends_in_the_same_state(int seed) =>
        Assert.Equal(new Scenario(seed, Shop(seed)).Run(), new Scenario(seed, Shop(seed)).Run());

    /// <summary>Two of three runs are about versions that do not accept each other.</summary>
    private static Func<World, ISimArchitecture> Shop(int seed) => seed % 3 == 0 ? world => new AnyShop(world) : world => new PickyShop(world);

    private static string? Failure(int seed, Func<World, ISimArchitecture> architecture)
    {
        try
        {
            new Scenario(seed, architecture).Run();
            return null;
        }
        catch (Exception failure)
        {
            return $"seed {seed}: {failure.GetType().Name}: {failure.Message} (replay: TUTTI_SIM_SEED={seed} dotnet test --project tests/Tutti.Simulation){(failure is InvariantException ? "" : "\n" + failure.StackTrace)}";
        }
    }
}
