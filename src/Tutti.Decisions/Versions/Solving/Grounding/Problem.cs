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

    public Problem(SolveQuestion question)
    {
        Question = question;
        (_numbers, _names, _shelves, _currentConsumers) = (new(StringComparer.Ordinal), [], [], []);
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
        (_numbers, _names, _shelves, _currentConsumers) = (sibling._numbers, sibling._names, sibling._shelves, sibling._currentConsumers);
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
        }

        return number;
    }

    public Shelf ShelfOf(int service) =>
        _shelves[service] ??= new Shelf(service, _names[service], Question.Catalogue.Services.TryGetValue(_names[service], out var releases) ? releases : []);

    public Criticality CriticalityOf(int service) => Question.Criticality.GetValueOrDefault(_names[service], Criticality.Critical);

    public ImmutableArray<ReleaseVersion> CurrentOf(int service) => Question.Current.TryGetValue(_names[service], out var current) ? current : [];

    public bool IsCurrent(int service) => Question.Current.ContainsKey(_names[service]);

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

    // Sorting a shelf takes longer than finding one version on it, so that shelves are made only for what is looked at.
    private void IndexCurrent()
    {
        foreach (var (name, versions) in Question.Current)
        {
            if (versions.Length != 1 || !Question.Catalogue.Services.TryGetValue(name, out var releases))
            {
                continue;
            }

            foreach (var release in releases)
            {
                if (!release.Version.Equals(versions[0]))
                {
                    continue;
                }

                for (var n = 0; n < release.Needs.Length; n++)
                {
                    var provider = NumberOf(release.Needs[n].Service);
                    if (!_currentConsumers.TryGetValue(provider, out var consumers))
                    {
                        _currentConsumers.Add(provider, consumers = []);
                    }

                    consumers.Add((_numbers[name], n));
                }

                break;
            }
        }
    }
}
