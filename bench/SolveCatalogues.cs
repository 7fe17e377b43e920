using System.Collections.Immutable;
using System.Globalization;
using Tutti.Decisions.Versions.Solving;
using Tutti.Model.Versions;

namespace Tutti.Bench;

/// <summary>Random catalogues, and requests to them of which it is known whether they can be had. The same seed gives the same.</summary>
/// <remarks>
/// Services depend on earlier ones of their neighbourhood. In an aligned catalogue a release accepts what was made about when it was: that is how
/// architectures grow, and a far request moves everything near. In a scattered one every release accepts intervals at random, but two whole sets are planted in it: the
/// current one and one that has what is asked.
/// </remarks>
internal sealed class SolveCatalogues(int services, int releases, int dependencies, int seed)
{
    private const int Neighbourhood = 60;

    private readonly Random _random = new(seed);
    private readonly Dictionary<(int, int), VersionRange> _ranges = [];
    private readonly ReleaseVersion[] _versions =
        [.. Enumerable.Range(0, releases).Select(r => ReleaseVersion.Parse(string.Create(CultureInfo.InvariantCulture, $"{(r / 10) + 1}.{r % 10}.0")))];

    private int Window => Math.Max(2, releases / 10);

    private int Now => releases / 2;

    public static string Name(int service) => $"service-{service:D4}";

    /// <summary>A release that its neighbours accept as they are, or nearly.</summary>
    public SolveQuestion AlignedFew() => Aligned(Now + 2);

    /// <summary>A release so far from all others that its providers, their providers and all their consumers have to move.</summary>
    public SolveQuestion AlignedMany() => Aligned(releases - 1);

    /// <summary>The same, where one of those that would have to move is held.</summary>
    public SolveQuestion AlignedHeld()
    {
        var question = AlignedMany();
        var web = question.Wishes.Keys.First();
        var far = question.Catalogue.Services[web][0].Needs[0].Service;
        return question with { Holds = [question.Catalogue.Services[far].Select(r => r.Needs).First().Select(n => n.Service).FirstOrDefault(far)] };
    }

    /// <summary>The newest of every service.</summary>
    public SolveQuestion AlignedNewest()
    {
        var question = Aligned(Now);
        return question with { Wishes = question.Current.ToImmutableSortedDictionary(c => c.Key, _ => VersionWish.Newest, StringComparer.Ordinal) };
    }

    /// <summary>A release whose intervals were drawn at random; the planted set has it.</summary>
    public SolveQuestion Scattered(double width, bool planted = true)
    {
        var now = Enumerable.Range(0, services).Select(_ => _random.Next(releases)).ToArray();
        var then = now.Select(r => (r + 1 + _random.Next(releases - 1)) % releases).ToArray();
        var question = Question((service, release, provider) =>
        {
            var length = Math.Max(1, (int)(releases * width));
            var inside = release == now[service] ? now[provider] : planted && release == then[service] ? then[provider] : -1;
            var from = inside >= 0 ? inside - _random.Next(length) : _random.Next(releases + length - 1) - length + 1;
            return Range(Math.Clamp(from, 0, releases - 1), Math.Clamp(from + length - 1, 0, releases - 1));
        }, now);
        var web = services - 1;
        return question with { Wishes = Wish(web, then[web]) };
    }

    private SolveQuestion Aligned(int target)
    {
        var now = Enumerable.Range(0, services).Select(_ => Now + _random.Next(-1, 2)).ToArray();
        var question = Question((service, release, provider) =>
        {
            var slack = Window + _random.Next(3);
            return Range(Math.Max(0, release - slack), Math.Min(releases - 1, release + slack));
        }, now);
        return question with { Wishes = Wish(services - 1, target) };
    }

    private SolveQuestion Question(Func<int, int, int, VersionRange> range, int[] now)
    {
        var catalogue = ImmutableSortedDictionary.CreateBuilder<string, ImmutableArray<CatalogueRelease>>(StringComparer.Ordinal);
        for (var service = 0; service < services; service++)
        {
            var providers = Enumerable.Range(0, dependencies).Select(_ => service - 1 - _random.Next(Neighbourhood)).Where(p => p >= 0).Distinct().ToArray();
            var of = service;
            catalogue.Add(Name(service), [.. _versions.Select((version, release) =>
                new CatalogueRelease(version, [.. providers.Select(provider => new Need(Name(provider), range(of, release, provider)))]))]);
        }

        return new SolveQuestion
        {
            Catalogue = new Catalogue { Services = catalogue.ToImmutable() },
            Current = Enumerable.Range(0, services).ToImmutableSortedDictionary(Name, service => ImmutableArray.Create(_versions[now[service]]), StringComparer.Ordinal),
        };
    }

    private ImmutableSortedDictionary<string, VersionWish> Wish(int service, int release) =>
        ImmutableSortedDictionary.Create<string, VersionWish>(StringComparer.Ordinal).Add(Name(service), new VersionWish(Range(release, release)));

    private VersionRange Range(int from, int to)
    {
        if (!_ranges.TryGetValue((from, to), out var range))
        {
            range = VersionRange.Parse(from == to ? _versions[from].ToString() : $">={_versions[from]} <={_versions[to]}");
            _ranges.Add((from, to), range);
        }

        return range;
    }
}
