using System.Collections.Immutable;

namespace Tutti.Model.Manifest.Yaml;

/// <summary>Puts defaults under services: maps are merged key by key, anything else is replaced. Every value keeps the place where it was written.</summary>
internal static class YamlMerge
{
    private static readonly string[] _ofExternal = ["version", "criticality", "owner", "ports", "publishes", "subscribes"];

    // Keys of which one is chosen: a service that writes one of them writes off the others.
    private static readonly (string Section, string[] Choices)[] _choices =
    [
        ("run", ["command", "image"]),
        ("health", ["http", "tcp", "exec"]),
        ("update", ["strategy", "canary"]),
    ];

    /// <summary>The whole document with its defaults applied; unchanged where there are none.</summary>
    public static YamlMap ApplyDefaults(YamlMap root)
    {
        if (root.Find("defaults") is not YamlMap defaults || root.Find("services") is not YamlMap services)
        {
            return root;
        }

        var merged = services.Entries.Select(e => e with { Value = Merge(defaults, e.Value) });
        var whole = new YamlMap(services.Place, [.. merged]);
        return new YamlMap(root.Place, [.. root.Entries.Select(e => e.Key == "services" ? e with { Value = whole } : e)]);
    }

    private static YamlNode Merge(YamlMap defaults, YamlNode service)
    {
        var written = service as YamlMap ?? (service.IsNothing ? new YamlMap(service.Place, []) : null);
        if (written is null)
        {
            return service;
        }

        var under = defaults;
        if (written.Entry("external") is not null)
        {
            under = Keep(under, key => _ofExternal.Contains(key));
        }
        else if (written.Entry("run") is not null)
        {
            under = Keep(under, key => key != "external");
        }

        foreach (var (section, choices) in _choices)
        {
            if (written.Find(section) is YamlMap above && under.Find(section) is YamlMap below)
            {
                under = Replace(under, section, WithoutOtherChoices(above, below, choices));
            }
        }

        return MergeMaps(under, written);
    }

    private static YamlMap WithoutOtherChoices(YamlMap above, YamlMap below, string[] choices)
    {
        if (!choices.Any(c => above.Entry(c) is not null))
        {
            return below;
        }

        var staysCanary = above.Find("strategy") is YamlScalar { Value: "canary" };
        return Keep(below, key => key switch
        {
            "steps" or "hold" => staysCanary,
            "canary" => staysCanary && above.Entry("steps") is null,
            _ => !choices.Contains(key),
        });
    }

    private static YamlMap MergeMaps(YamlMap below, YamlMap above)
    {
        var entries = ImmutableArray.CreateBuilder<YamlEntry>();
        foreach (var entry in above.Entries)
        {
            var under = below.Find(entry.Key);
            entries.Add(under is YamlMap lower && entry.Value is YamlMap upper ? entry with { Value = MergeMaps(lower, upper) }
                : under is YamlMap && entry.Value.IsNothing ? entry with { Value = under }
                : entry);
        }

        entries.AddRange(below.Entries.Where(e => above.Entry(e.Key) is null));
        return new YamlMap(above.Place, entries.ToImmutable());
    }

    private static YamlMap Keep(YamlMap map, Func<string, bool> keep) => new(map.Place, [.. map.Entries.Where(e => keep(e.Key))]);

    private static YamlMap Replace(YamlMap map, string key, YamlMap value) =>
        new(map.Place, [.. map.Entries.Select(e => e.Key == key ? e with { Value = value } : e)]);
}
