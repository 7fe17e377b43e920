using System.Collections.Immutable;

namespace Tutti.Decisions.Tests.Transitions;

/// <summary>Every small architecture of a shape, in every relation of what its releases accept.</summary>
internal static class ModelFamilies
{
    /// <summary>Consumer and provider, in <paramref name="versions"/> versions each; a release accepts any of the provider's.</summary>
    public static IEnumerable<ModelWorld> Pairs(int versions, int instances, params int[] pets) =>
        Shape([[1], []], versions, instances, Subsets(versions), pets);

    /// <summary>Consumer and provider, in two versions, where each release needs the provider, can do without, or has nothing to do with it.</summary>
    public static IEnumerable<ModelWorld> LoosePairs(int instances, params int[] pets)
    {
        ImmutableArray<ModelNeed>[] needs =
        [
            [],
            .. AnyOfTwo.Select(accepted => ImmutableArray.Create(new ModelNeed(1, accepted))),
            .. AnyOfTwo.Select(accepted => ImmutableArray.Create(new ModelNeed(1, accepted, Optional: true))),
        ];
        return needs.SelectMany(one => needs.Select(two => new ModelWorld(
            new ModelService { Versions = [one, two], Instances = instances, Pet = pets.Contains(0) },
            new ModelService { Versions = [[], []], Instances = instances, Pet = pets.Contains(1) })));
    }

    public static IEnumerable<ModelWorld> Chains(int versions, int instances, params int[] pets) => Shape([[1], [2], []], versions, instances, Near(versions), pets);

    public static IEnumerable<ModelWorld> Forks(int instances, params int[] pets) => Shape([[1, 2], [], []], 2, instances, Near(2), pets);

    public static IEnumerable<ModelWorld> Joins(int instances, params int[] pets) => Shape([[2], [2], []], 2, instances, Near(2), pets);

    public static IEnumerable<ModelWorld> Diamonds(params int[] pets) => Shape([[1, 2], [3], [3], []], 2, 1, Near(2), pets);

    private static int[][] Subsets(int versions) =>
        [.. Enumerable.Repeat(Enumerable.Range(1, (1 << versions) - 1).ToArray(), versions)];

    /// <summary>For each version the ranges around it.</summary>
    private static int[][] Near(int versions) =>
    [
        .. Enumerable.Range(0, versions).Select(own =>
            (from low in Enumerable.Range(0, own + 1)
             from high in Enumerable.Range(own, versions - own)
             select ((1 << (high + 1)) - 1) & ~((1 << low) - 1)).ToArray()),
    ];

    private static int[] AnyOfTwo => [1, 2, 3];

    private static IEnumerable<ModelWorld> Shape(int[][] providers, int versions, int instances, int[][] accepted, int[] pets)
    {
        // One choice for every version of every edge.
        var choices = new List<(int Consumer, int Version, int Provider)>();
        for (var consumer = 0; consumer < providers.Length; consumer++)
        {
            for (var version = 0; version < versions; version++)
            {
                choices.AddRange(providers[consumer].Select(provider => (consumer, version, provider)));
            }
        }

        var chosen = new int[choices.Count];
        return From(0);

        IEnumerable<ModelWorld> From(int choice)
        {
            if (choice == choices.Count)
            {
                yield return World();
                yield break;
            }

            foreach (var each in accepted[choices[choice].Version])
            {
                chosen[choice] = each;
                foreach (var world in From(choice + 1))
                {
                    yield return world;
                }
            }
        }

        ModelWorld World() => new([.. providers.Select((_, service) => new ModelService
        {
            Versions = [.. Enumerable.Range(0, versions).Select(version => choices
                .Select((choice, index) => (choice, index))
                .Where(x => x.choice.Consumer == service && x.choice.Version == version)
                .Select(x => new ModelNeed(x.choice.Provider, chosen[x.index]))
                .ToImmutableArray())],
            Instances = instances,
            Pet = pets.Contains(service),
        })]);
    }
}
