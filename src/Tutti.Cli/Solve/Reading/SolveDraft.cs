using System.Collections.Immutable;
using Tutti.Decisions.Versions.Solving;
using Tutti.Model.Lifecycle;
using Tutti.Model.Versions;

namespace Tutti.Cli.Solve.Reading;

/// <summary>What a file says, before it is known whether its sections agree.</summary>
internal sealed class SolveDraft
{
    /// <summary>Releases by service; null: the section is missing or no map.</summary>
    public Dictionary<string, ImmutableArray<CatalogueRelease>>? Releases { get; set; }

    public Dictionary<string, Dictionary<ReleaseVersion, Mark>> Current { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, VersionWish> Wishes { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether the newest of everything is wished for.</summary>
    public bool WishesNewest { get; set; }

    public Dictionary<string, Mark> Holds { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, VersionRange> Pins { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Criticality> Criticality { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Mark> Pets { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Dictionary<ReleaseVersion, Mark>> Irreversible { get; } = new(StringComparer.Ordinal);

    /// <summary>Every service that a section other than <c>releases</c> names.</summary>
    public List<NamedService> Named { get; } = [];

    /// <summary>Says which names and versions no release has.</summary>
    public void Check(Walk walk)
    {
        if (Releases is null)
        {
            return;
        }

        foreach (var named in Named.Where(named => !Releases.ContainsKey(named.Service)))
        {
            var name = Walk.Shown(named.Service);
            walk.SayUnknown(named.Mark, "unknown-service", $"{named.Section} names {name}, of which 'releases' has nothing", named.Service, Releases.Keys);
        }

        foreach (var (service, versions) in Irreversible)
        {
            if (!Releases.TryGetValue(service, out var releases))
            {
                continue;
            }

            var known = releases.Select(release => release.Version).Concat(CurrentOf(service)).ToHashSet();
            foreach (var (version, mark) in versions.Where(entry => !known.Contains(entry.Key)))
            {
                walk.Say(mark, "unknown-version", $"irreversible.{Walk.Shown(service)} names {version}, which is neither among the releases of {Walk.Shown(service)} nor current");
            }
        }
    }

    /// <summary>The question that the file asks; only where nothing is wrong.</summary>
    public SolveQuestion ToQuestion() => new()
    {
        Catalogue = new Catalogue
        {
            Services = Releases!.ToImmutableSortedDictionary(
                service => service.Key,
                service => Irreversible.TryGetValue(service.Key, out var versions) ? Marked(service.Key, service.Value, [.. versions.Keys]) : service.Value,
                StringComparer.Ordinal),
        },
        Current = Current.ToImmutableSortedDictionary(
            service => service.Key,
            service => service.Value.Keys.Order().ToImmutableArray(),
            StringComparer.Ordinal),
        Wishes = (WishesNewest ? Everything() : Wishes).ToImmutableSortedDictionary(StringComparer.Ordinal),
        Pins = Pins.ToImmutableSortedDictionary(StringComparer.Ordinal),
        Holds = Holds.Keys.ToImmutableSortedSet(StringComparer.Ordinal),
        Criticality = Criticality.ToImmutableSortedDictionary(StringComparer.Ordinal),
    };

    private IEnumerable<ReleaseVersion> CurrentOf(string service) => Current.TryGetValue(service, out var versions) ? versions.Keys : [];

    private IEnumerable<KeyValuePair<string, VersionWish>> Everything() =>
        (Current.Count > 0 ? (IEnumerable<string>)Current.Keys : Releases!.Keys).Select(service => KeyValuePair.Create(service, VersionWish.Newest));

    // A current version that is not among the releases can be irreversible too: what is below it is then no choice at all.
    private ImmutableArray<CatalogueRelease> Marked(string service, ImmutableArray<CatalogueRelease> releases, HashSet<ReleaseVersion> irreversible)
    {
        var listed = releases.Select(release => release.Version).ToHashSet();
        var unlisted = CurrentOf(service).Where(version => irreversible.Contains(version) && !listed.Contains(version)).Max();
        return
        [
            .. releases
                .Where(release => unlisted is null || release.Version.CompareTo(unlisted) >= 0)
                .Select(release => irreversible.Contains(release.Version) ? release with { Reversible = false } : release),
        ];
    }
}
