using System.Collections.Immutable;
using Tutti.Control.State;
using Tutti.Server.Api;

namespace Tutti.Server.Versions;

/// <summary>What was read of an architecture's catalogue. None of it changes, so the documents are made after the state was let go of.</summary>
internal sealed record ReleaseView(ImmutableArray<Release> Releases, ImmutableArray<VersionSet> Sets, ImmutableArray<Instance> Instances, int Current)
{
    /// <summary>Reads the releases of one service, or of all.</summary>
    public static ReleaseView Read(ClusterState state, string architecture, string? service) => new(
        [.. state.Releases.All.Where(release => release.Architecture == architecture && (service is null || release.Service == service))],
        [.. state.SetsOf(architecture)],
        [.. state.Instances.All.Where(instance => instance.Architecture == architecture && !instance.Stopped)],
        state.Architectures.Find(architecture)?.CurrentSet ?? 0);

    /// <summary>By service, and the newest first within one.</summary>
    public ReleaseDocument[] ToDocuments()
    {
        var sets = new Dictionary<(string, string), List<VersionSet>>();
        foreach (var set in Sets)
        {
            foreach (var (name, entry) in set.Spec.Services)
            {
                if (entry.Version is not { } version)
                {
                    continue;
                }

                var key = (name, version.ToString());
                if (!sets.TryGetValue(key, out var having))
                {
                    sets[key] = having = [];
                }

                having.Add(set);
            }
        }

        var running = Instances.ToLookup(instance => (instance.Service, instance.Version.ToString()));
        return
        [
            .. Releases
                .OrderBy(release => release.Service, StringComparer.Ordinal)
                .ThenByDescending(release => release.Version)
                .ThenByDescending(release => release.Version.ToString(), StringComparer.Ordinal)
                .Select(release => (Release: release, Key: (release.Service, release.Version.ToString())))
                .Select(pair => Of(pair.Release, sets.GetValueOrDefault(pair.Key) ?? [], [.. running[pair.Key]])),
        ];
    }

    private ReleaseDocument Of(Release release, List<VersionSet> sets, ImmutableArray<Instance> instances) => new()
    {
        Architecture = release.Architecture,
        Service = release.Service,
        Version = release.Version,
        Recorded = release.Recorded,
        Reversible = sets.Count > 0 ? sets[^1].Spec.Services[release.Service].Reversible : release.Spec.Reversible,
        Run = release.Spec.Run,
        Ports = release.Spec.Ports,
        DependsOn = release.Spec.DependsOn,
        Sets = Ranges(sets),
        Current = sets.Exists(set => set.Number == Current),
        Instances = instances.Length,
        Healthy = instances.Count(instance => instance.InDiscovery),
        Nodes = [.. instances.Select(instance => instance.Node).OfType<string>().Distinct().Order(StringComparer.Ordinal)],
    };

    private static ImmutableArray<SetRangeDocument> Ranges(List<VersionSet> sets)
    {
        var ranges = new List<SetRangeDocument>();
        foreach (var number in sets.Select(set => set.Number))
        {
            if (ranges.Count > 0 && ranges[^1].To == number - 1)
            {
                ranges[^1] = ranges[^1] with { To = number };
            }
            else
            {
                ranges.Add(new SetRangeDocument(number, number));
            }
        }

        return [.. ranges];
    }
}
