using System.Collections.Immutable;
using Tutti.Decisions.Versions.Solving.Grounding;
using Tutti.Model.Versions;

namespace Tutti.Decisions.Versions.Solving.Explaining;

/// <summary>Says which fact of the solution forces each change.</summary>
/// <remarks>
/// A service that could have stayed, all others being as they are, would have: that changes fewer. So for each change, unless it was asked for, there is a fact
/// that its current version breaks; the one that is nearest to the request is named.
/// </remarks>
internal sealed class MoveReasons
{
    private readonly Problem _problem;
    private readonly ImmutableSortedDictionary<string, ReleaseVersion> _versions;
    private readonly HashSet<string> _moved;
    private readonly Dictionary<string, List<(CatalogueRelease Consumer, string Name, Need Need)>> _consumers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _movedConsumers = new(StringComparer.Ordinal);

    public MoveReasons(Problem problem, ImmutableSortedDictionary<string, ReleaseVersion> versions, IEnumerable<string> moved)
    {
        _problem = problem;
        _versions = versions;
        _moved = new HashSet<string>(moved, StringComparer.Ordinal);
        if (_moved.Count == 0)
        {
            return;
        }

        foreach (var name in _moved.Order(StringComparer.Ordinal))
        {
            foreach (var provider in CurrentReleases(name).SelectMany(r => r.Needs).Select(n => n.Service).Distinct())
            {
                if (!_movedConsumers.TryGetValue(provider, out var movedConsumers))
                {
                    _movedConsumers.Add(provider, movedConsumers = []);
                }

                movedConsumers.Add(name);
            }
        }

        foreach (var (name, version) in versions)
        {
            var release = ReleaseOf(name, version);
            foreach (var need in release.Needs.Where(need => _moved.Contains(need.Service) && need.Service != name))
            {
                if (!_consumers.TryGetValue(need.Service, out var consumers))
                {
                    _consumers.Add(need.Service, consumers = []);
                }

                consumers.Add((release, name, need));
            }
        }
    }

    /// <summary>The reasons, by service.</summary>
    public Dictionary<string, string> All()
    {
        var reasons = new Dictionary<string, string>(StringComparer.Ordinal);
        var queue = new Queue<string>();
        foreach (var name in _moved.Order(StringComparer.Ordinal))
        {
            if (Alone(name) is { } reason)
            {
                reasons.Add(name, reason);
                queue.Enqueue(name);
            }
        }

        Spread(reasons, queue);
        foreach (var name in _moved.Order(StringComparer.Ordinal))
        {
            if (!reasons.ContainsKey(name) && FromStaying(name) is { } reason)
            {
                reasons.Add(name, reason);
                queue.Enqueue(name);
                Spread(reasons, queue);
            }
        }

        foreach (var name in _moved)
        {
            reasons.TryAdd(name, "the best set of versions has it so");
        }

        return reasons;
    }

    // From services whose reason is known to those whose current versions they break.
    private void Spread(Dictionary<string, string> reasons, Queue<string> queue)
    {
        while (queue.TryDequeue(out var mover))
        {
            var release = ReleaseOf(mover, _versions[mover]);
            foreach (var need in release.Needs.Where(need => _moved.Contains(need.Service) && !reasons.ContainsKey(need.Service)))
            {
                if (Forced(mover, release, need) is { } reason)
                {
                    reasons.Add(need.Service, reason);
                    queue.Enqueue(need.Service);
                }
            }

            foreach (var consumer in _movedConsumers.GetValueOrDefault(mover) ?? [])
            {
                if (!reasons.ContainsKey(consumer) && Left(consumer, mover) is { } reason)
                {
                    reasons.Add(consumer, reason);
                    queue.Enqueue(consumer);
                }
            }
        }
    }

    private string? Alone(string name)
    {
        var question = _problem.Question;
        var current = CurrentOf(name);
        if (question.Wishes.TryGetValue(name, out var wish) && (wish.Range is null || current.IsEmpty || !current.Any(wish.Range.Accepts)))
        {
            return wish.Range is null ? $"you asked for the newest {name}" : $"you asked for {name} {wish.Range}";
        }

        if (!current.IsEmpty && question.Pins.TryGetValue(name, out var pin) && !current.Any(pin.Accepts))
        {
            return $"{name} is pinned to {pin}";
        }

        var shelf = _problem.ShelfOf(_problem.NumberOf(name));
        if (!current.IsEmpty && current.All(version => shelf.ValueOf(version) == 0))
        {
            return $"{Texts.List(current)} of {name} is not in the catalogue";
        }

        return null;
    }

    private string? FromStaying(string name)
    {
        foreach (var (release, consumer, need) in _consumers.GetValueOrDefault(name) ?? [])
        {
            if (Forced(consumer, release, need) is { } reason)
            {
                return reason;
            }
        }

        foreach (var provider in CurrentReleases(name).SelectMany(r => r.Needs).Select(n => n.Service).Distinct())
        {
            if (Left(name, provider) is { } reason)
            {
                return reason;
            }
        }

        foreach (var (release, need) in CurrentReleases(name).SelectMany(r => r.Needs.Where(n => n.Service == name && !n.Range.Accepts(r.Version)).Select(n => (r, n))))
        {
            return $"{name} {release.Version} accepts {name} {need.Range}, not itself";
        }

        var shelf = _problem.ShelfOf(_problem.NumberOf(name));
        return _problem.FloorOf(shelf.Number) is > 0 and var floor && CurrentOf(name).Any(v => shelf.ValueOf(v) is > 0 and var value && value < floor)
            ? $"{name} {shelf.Version(floor)} is not reversible"
            : null;
    }

    // What the chosen consumer accepts, where that leaves out a current version of the provider.
    private string? Forced(string consumer, CatalogueRelease release, Need need)
    {
        var current = CurrentOf(need.Service);
        if (current.IsEmpty)
        {
            return need.Optional ? null : $"{consumer} {release.Version} needs {need.Service} {need.Range}";
        }

        var refused = current.Where(version => !need.Range.Accepts(version)).ToArray();
        return refused.Length == 0 ? null : $"{consumer} {release.Version} accepts {need.Service} {need.Range}, not {Texts.List(refused)}";
    }

    // What a current version of the consumer accepts, where that leaves out what the provider is now.
    private string? Left(string consumer, string provider)
    {
        foreach (var release in CurrentReleases(consumer))
        {
            foreach (var need in release.Needs.Where(need => need.Service == provider))
            {
                if (_versions.TryGetValue(provider, out var chosen) ? !need.Range.Accepts(chosen) : !need.Optional)
                {
                    return chosen is null
                        ? $"{consumer} {release.Version} needs {provider}, which is not there"
                        : $"{consumer} {release.Version} accepts {provider} {need.Range}, not {chosen}";
                }
            }
        }

        return null;
    }

    private ImmutableArray<ReleaseVersion> CurrentOf(string name) => _problem.Question.Current.TryGetValue(name, out var current) ? current : [];

    private IEnumerable<CatalogueRelease> CurrentReleases(string name)
    {
        var shelf = _problem.ShelfOf(_problem.NumberOf(name));
        return CurrentOf(name).Select(shelf.ValueOf).Where(value => value > 0).Select(value => shelf.Releases[value - 1]);
    }

    // Of a service that stays the release is known without its shelf.
    private CatalogueRelease ReleaseOf(string name, ReleaseVersion version)
    {
        var service = _problem.NumberOf(name);
        if (!_moved.Contains(name) && _problem.CurrentReleaseOf(service) is { } release)
        {
            return release;
        }

        var shelf = _problem.ShelfOf(service);
        return shelf.Releases[shelf.ValueOf(version) - 1];
    }
}
