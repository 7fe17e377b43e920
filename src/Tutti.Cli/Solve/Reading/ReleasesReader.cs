using System.Collections.Immutable;
using Tutti.Decisions.Versions.Solving;
using Tutti.Model.Versions;

namespace Tutti.Cli.Solve.Reading;

/// <summary>Reads <c>releases</c>: service, version, and the ranges of others that it accepts. Nearly all of a large file is here.</summary>
internal sealed class ReleasesReader(Walk walk, Forms forms)
{
    private const string Services = "a map from services to their versions";
    private const string Versions = "a map from versions to what each accepts, such as {1.2.0: {cart: \">=2.2 <3\"}}";
    private const string Needs = "a map from services to the ranges of them that are accepted";

    // Emptied for each release and each service: there may be hundreds of thousands.
    private readonly Dictionary<string, Mark> _providers = new(StringComparer.Ordinal);
    private readonly Dictionary<ReleaseVersion, Mark> _versions = [];
    private readonly ImmutableArray<Need>.Builder _needs = ImmutableArray.CreateBuilder<Need>();
    private readonly ImmutableArray<CatalogueRelease>.Builder _releases = ImmutableArray.CreateBuilder<CatalogueRelease>();

    /// <summary>Reads the section; null: what stands here is no map, which is said.</summary>
    public Dictionary<string, ImmutableArray<CatalogueRelease>>? Read()
    {
        var nothing = walk.Kind == TokenKind.Nothing;
        var services = new Dictionary<string, ImmutableArray<CatalogueRelease>>(StringComparer.Ordinal);
        var marks = new Dictionary<string, Mark>(StringComparer.Ordinal);
        if (!walk.TryEnterMap(Services))
        {
            return nothing ? services : null;
        }

        while (walk.TryNextKey(out var service))
        {
            if (!forms.IsName(service, walk.KeyMark))
            {
                walk.Skip();
            }
            else if (!marks.TryAdd(service, walk.KeyMark))
            {
                walk.SayTwice(walk.KeyMark, marks[service], walk.Path);
                walk.Skip();
            }
            else
            {
                services.Add(service, ReadService());
            }
        }

        return services;
    }

    private ImmutableArray<CatalogueRelease> ReadService()
    {
        _releases.Clear();
        _versions.Clear();
        if (!walk.TryEnterMap(Versions))
        {
            return [];
        }

        while (walk.TryNextKey(out var text))
        {
            if (!forms.TryVersionKey(text, out var version))
            {
                walk.Skip();
            }
            else if (!_versions.TryAdd(version, walk.KeyMark))
            {
                walk.SayTwice(walk.KeyMark, _versions[version], walk.Path);
                walk.Skip();
            }
            else
            {
                _releases.Add(new CatalogueRelease(version, ReadNeeds()));
            }
        }

        return _releases.ToImmutable();
    }

    private ImmutableArray<Need> ReadNeeds()
    {
        _needs.Clear();
        _providers.Clear();
        if (!walk.TryEnterMap(Needs))
        {
            return [];
        }

        while (walk.TryNextKey(out var provider))
        {
            if (!forms.IsName(provider, walk.KeyMark))
            {
                walk.Skip();
            }
            else if (!_providers.TryAdd(provider, walk.KeyMark))
            {
                walk.SayTwice(walk.KeyMark, _providers[provider], walk.Path);
                walk.Skip();
            }
            else if (forms.TryRange(out var range))
            {
                _needs.Add(new Need(provider, range));
            }
        }

        return _needs.ToImmutable();
    }
}
