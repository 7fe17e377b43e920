using System.Collections.Immutable;
using Tutti.Decisions.Transitions;
using Tutti.Decisions.Versions.Solving;
using Tutti.Model.Versions;

namespace Tutti.Decisions.Tests.Transitions;

/// <summary>What a release of a small architecture needs of one service.</summary>
/// <param name="Service">The provider.</param>
/// <param name="Accepted">Bit v: its version v+1 is accepted.</param>
/// <param name="Optional">Whether it can do without.</param>
internal sealed record ModelNeed(int Service, int Accepted, bool Optional = false);

/// <summary>A service of a small architecture: <c>s0</c>, <c>s1</c>, ... with the versions 1.0.0, 2.0.0, ...</summary>
internal sealed record ModelService
{
    public required ImmutableArray<ImmutableArray<ModelNeed>> Versions { get; init; }

    public int Instances { get; init; } = 1;

    public bool Pet { get; init; }
}

/// <summary>A small architecture: every release, and which sets of releases accept each other.</summary>
internal sealed class ModelWorld
{
    private readonly int[] _first;

    public ModelWorld(params ModelService[] services)
    {
        Services = services;
        _first = new int[services.Length];
        var sides = new List<Side>();
        for (var s = 0; s < services.Length; s++)
        {
            _first[s] = sides.Count;
            sides.AddRange(services[s].Versions.Select((needs, v) => new Side
            {
                Service = $"s{s}",
                Version = ReleaseVersion.Parse($"{v + 1}.0.0"),
                Needs = [.. needs.Select(need => new Need($"s{need.Service}", Range(need.Accepted), need.Optional))],
                Pet = services[s].Pet,
                Instances = services[s].Instances,
            }));
            ServiceOf.AddRange(services[s].Versions.Select(_ => s));
        }

        Sides = [.. sides];
    }

    public ModelService[] Services { get; }

    /// <summary>Every release in its full number.</summary>
    public Side[] Sides { get; }

    public List<int> ServiceOf { get; } = [];

    public int First(int service) => _first[service];

    public int SideOf(string service, ReleaseVersion version) => _first[int.Parse(service.AsSpan(1), null)] + version.Major - 1;

    public ImmutableArray<ModelNeed> NeedsOf(int side) => Services[ServiceOf[side]].Versions[side - _first[ServiceOf[side]]];

    /// <summary>Every set whose releases accept each other: the version of each service, 0 where it is absent.</summary>
    public IEnumerable<int[]> Sets(bool absent)
    {
        var set = new int[Services.Length];
        return From(0);

        IEnumerable<int[]> From(int service)
        {
            if (service == set.Length)
            {
                if (IsValid(set))
                {
                    yield return [.. set];
                }

                yield break;
            }

            for (var version = absent ? 0 : 1; version <= Services[service].Versions.Length; version++)
            {
                set[service] = version;
                foreach (var each in From(service + 1))
                {
                    yield return each;
                }
            }
        }
    }

    public Side[] Target(int[] set) => [.. set.Select((version, service) => (version, service)).Where(x => x.version > 0).Select(x => Sides[_first[x.service] + x.version - 1])];

    private bool IsValid(int[] set)
    {
        for (var s = 0; s < set.Length; s++)
        {
            foreach (var need in set[s] == 0 ? [] : Services[s].Versions[set[s] - 1])
            {
                var version = set[need.Service];
                if (version == 0 ? !need.Optional : (need.Accepted >> (version - 1) & 1) == 0)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static VersionRange Range(int accepted) =>
        VersionRange.Parse(string.Join(" || ", Enumerable.Range(0, 8).Where(v => (accepted >> v & 1) == 1).Select(v => $"{v + 1}.0.0")));
}
