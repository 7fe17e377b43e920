using System.Collections.Immutable;
using Tutti.Model.Lifecycle;
using Tutti.Model.Manifest;
using Tutti.Model.Versions;

namespace Tutti.Simulation;

/// <summary>Services that accept only some releases of those they call: a random graph without cycles, random ranges, fixed for each run.</summary>
internal sealed class PickyShop : ISimArchitecture
{
    private const int Majors = 4;
    private readonly World _world;
    private readonly bool _withPet;
    private readonly Dictionary<(string Consumer, int Major, string Provider), (int Low, int High)> _ranges = [];
    private readonly Dictionary<string, string[]> _needs = [];

    public PickyShop(World world)
    {
        _world = world;
        Names = [.. Enumerable.Range(0, world.Random.Next(3, 6)).Select(index => $"{(char)('a' + index)}{index}")];
        _withPet = world.Random.Next(3) == 0;
        for (var consumer = 0; consumer < Names.Length; consumer++)
        {
            // Whoever comes later in the alphabet is called by those before.
            _needs[Names[consumer]] = [.. Names.Skip(consumer + 1).Where(_ => world.Random.Next(2) == 0)];
            foreach (var provider in _needs[Names[consumer]])
            {
                for (var major = 1; major <= Majors; major++)
                {
                    var low = Math.Max(1, major - world.Random.Next(0, 2));
                    // Its own major is always accepted, so that there is always something to apply.
                    _ranges[(Names[consumer], major, provider)] = (low, Math.Min(Majors, Math.Max(major, low + world.Random.Next(0, 3))));
                }
            }
        }
    }

    public string[] Names { get; }

    public bool IsPet(string service) => _withPet && service == Names[^1];

    public ArchitectureSpec Next(int number, bool good)
    {
        var same = _world.Random.Next(1, Majors + 1);
        for (var attempt = 0; ; attempt++)
        {
            var majors = Names.ToDictionary(name => name, _ => attempt == 200 ? same : _world.Random.Next(1, Majors + 1));
            if (_ranges.All(range => majors[range.Key.Consumer] != range.Key.Major || (majors[range.Key.Provider] >= range.Value.Low && majors[range.Key.Provider] <= range.Value.High)))
            {
                return Spec(number, good, majors);
            }
        }
    }

    private ArchitectureSpec Spec(int number, bool good, Dictionary<string, int> majors)
    {
        // A bad release has a minor of its own, and is the last in its major that anyone would want.
        var bad = good ? null : Names[_world.Random.Next(Names.Length)];
        return new ArchitectureSpec
        {
            Name = "shop",
            Services = Names.ToImmutableSortedDictionary(name => name, name => Service(name, majors[name], bad == name ? number : 0), StringComparer.Ordinal),
        };
    }

    private ServiceSpec Service(string name, int major, int minor)
    {
        var service = new ServiceSpec
        {
            // A patch of 9 is a release that never becomes healthy.
            Version = ReleaseVersion.Parse($"{major}.{minor}.{(minor > 0 ? 9 : 0)}"),
            Run = new RunSpec { Command = ["run"] },
            Instances = new InstancesSpec { Min = IsPet(name) ? 1 : _world.Random.Next(1, 4), Max = 6 },
            Update = SimPolicies.Careful(_world),
            DependsOn = _needs[name].ToImmutableSortedDictionary(provider => provider, provider => new DependencySpec { Accepts = Range(_ranges[(name, major, provider)]) }, StringComparer.Ordinal),
        };
        return IsPet(name)
            ? service with
            {
                Kind = ServiceKind.Pet,
                Update = new UpdateSpec { Deadline = SimPolicies.Deadline },
                Volumes = ImmutableSortedDictionary<string, VolumeSpec>.Empty.Add("data", new VolumeSpec()),
                Recover = new RecoverSpec { Restarts = 10 },
            }
            : service;
    }

    private static VersionRange Range((int Low, int High) majors) => VersionRange.Parse($">={majors.Low} <{majors.High + 1}");
}
