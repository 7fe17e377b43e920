using System.Collections.Immutable;
using Tutti.Decisions.Versions.Solving.Search;
using Tutti.Model.Lifecycle;
using Tutti.Model.Versions;

namespace Tutti.Decisions.Versions.Solving.Grounding;

/// <summary>The question by numbers: services, their releases once they are asked for, and what rules versions out. Reads only what is asked of it.</summary>
internal sealed class Problem
{
    private readonly Dictionary<string, int> _numbers;
    private readonly List<string> _names;
    private readonly List<Shelf?> _shelves;
    private readonly Dictionary<int, List<(int Consumer, int Need)>> _currentConsumers;

    // The release of the only current version; null where there are several, or none.
    private readonly List<CatalogueRelease?> _currentRelease;

    public Problem(SolveQuestion question)
    {
        Question = question;
        (_numbers, _names, _shelves, _currentConsumers, _currentRelease) = (new(StringComparer.Ordinal), [], [], [], []);
        foreach (var name in question.Catalogue.Services.Keys)
        {
            NumberOf(name);
        }

        foreach (var name in question.Current.Keys.Concat(question.Wishes.Keys))
        {
            NumberOf(name);
        }

        IndexCurrent();
    }

    private Problem(SolveQuestion question, Problem sibling)
    {
        Question = question;
        (_numbers, _names, _shelves) = (sibling._numbers, sibling._names, sibling._shelves);
        (_currentConsumers, _currentRelease) = (sibling._currentConsumers, sibling._currentRelease);
    }

    public SolveQuestion Question { get; }

    /// <summary>Another question about the same catalogue and the same current versions.</summary>
    public Problem For(SolveQuestion question) => new(question, this);

    public string NameOf(int service) => _names[service];

    public int NumberOf(string name)
    {
        if (!_numbers.TryGetValue(name, out var number))
        {
            _numbers.Add(name, number = _names.Count);
            _names.Add(name);
            _shelves.Add(null);
            _currentRelease.Add(null);
        }

        return number;
    }

    public Shelf ShelfOf(int service) =>
        _shelves[service] ??= new Shelf(service, _names[service], Question.Catalogue.Services.TryGetValue(_names[service], out var releases) ? releases : []);

    public Criticality CriticalityOf(int service) => Question.Criticality.GetValueOrDefault(_names[service], Criticality.Critical);

    public ImmutableArray<ReleaseVersion> CurrentOf(int service) => Question.Current.TryGetValue(_names[service], out var current) ? current : [];

    public bool IsCurrent(int service) => Question.Current.ContainsKey(_names[service]);

    /// <summary>The release of the service's only current version; null where there are several, or none that can be had.</summary>
    public CatalogueRelease? CurrentReleaseOf(int service) => _currentRelease[service];

    /// <summary>Consumers whose only current release needs this service, with the place of that need.</summary>
    public IReadOnlyList<(int Consumer, int Need)> CurrentConsumersOf(int service) => _currentConsumers.TryGetValue(service, out var consumers) ? consumers : [];

    /// <summary>The value of the service's only current version; 0 where it is absent; -1 where there are several, or none that can be had.</summary>
    public int SettledValue(int service)
    {
        if (!IsCurrent(service))
        {
            return 0;
        }

        var current = CurrentOf(service);
        return current.Length == 1 && ShelfOf(service).ValueOf(current[0]) is > 0 and var value ? value : -1;
    }

    /// <summary>Values at which the service does not count as changed, whether possible or not.</summary>
    public ulong[] FreeOf(int service)
    {
        var shelf = ShelfOf(service);
        var free = new ulong[shelf.Words];
        if (!IsCurrent(service))
        {
            free[0] = 1;
            return free;
        }

        foreach (var version in CurrentOf(service))
        {
            if (shelf.ValueOf(version) is > 0 and var value)
            {
                Bits.Set(free, value);
            }
        }

        return free;
    }

    /// <summary>Whether the only current version may stay, as far as the service itself and its current providers are concerned.</summary>
    public bool IsSettled(int service)
    {
        // One that is not reversible never rules out the only current version: it is at most that.
        var name = _names[service];
        return _currentRelease[service] is { } release
            && (!Question.Wishes.TryGetValue(name, out var wish) || wish.Range?.Accepts(release.Version) != false)
            && (!Question.Pins.TryGetValue(name, out var pin) || pin.Accepts(release.Version))
            && release.Needs.All(need => _currentRelease[NumberOf(need.Service)] is { } provider
                ? need.Range.Accepts(provider.Version)
                : need.Optional && !Question.Current.ContainsKey(need.Service));
    }

    // Sorting a shelf takes longer than finding one version on it, so that shelves are made only for what is looked at.
    private void IndexCurrent()
    {
        foreach (var (name, versions) in Question.Current)
        {
            if (versions.Length != 1 || !Question.Catalogue.Services.TryGetValue(name, out var releases) || Find(releases, versions[0]) is not { } release)
            {
                continue;
            }

            var consumer = _numbers[name];
            _currentRelease[consumer] = release;
            for (var n = 0; n < release.Needs.Length; n++)
            {
                var provider = NumberOf(release.Needs[n].Service);
                if (!_currentConsumers.TryGetValue(provider, out var consumers))
                {
                    _currentConsumers.Add(provider, consumers = []);
                }

                consumers.Add((consumer, n));
            }
        }
    }

    // Most lists are in order already: then halving finds it; whatever it finds is right in any order.
    private static CatalogueRelease? Find(ImmutableArray<CatalogueRelease> releases, ReleaseVersion version)
    {
        var (low, high) = (0, releases.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = releases[middle].Version.CompareTo(version);
            if (order == 0)
            {
                return releases[middle];
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return releases.FirstOrDefault(release => release.Version.Equals(version));
    }
}
