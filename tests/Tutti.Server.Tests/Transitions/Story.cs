using System.Collections.Immutable;
using Tutti.Control.State;
using Tutti.Model.Manifest;
using Tutti.Model.Versions;
using Tutti.Server.Tests.Fakes;

namespace Tutti.Server.Tests.Transitions;

/// <summary>A shop that went from {web 1.1, cart 2.0} in set 1 to {web 1.2, cart 2.2} in set 2, where it runs. db is a pet that web needs, tax is external.</summary>
internal static class Story
{
    public static readonly ArchitectureSpec Before = Spec("1.1.0", ">=2.0 <2.2", "2.0.0");

    public static readonly ArchitectureSpec Now = Spec("1.2.0", ">=2.2 <3", "2.2.0");

    /// <summary>Two sets, four releases and what runs, on one node.</summary>
    public static object[] Documents() =>
    [
        Shop.Architecture(2), Shop.Set(1, Before) with { ContentHash = "sha256:1" }, Shop.Set(2, Now) with { Parent = 1, ContentHash = "sha256:2" }, Shop.Node(),
        .. Releases(Before), .. Releases(Now).Where(release => release.Service is "web" or "cart"),
        Runs("cart", "2.2.0"), Runs("db", "15.0.0"), Runs("web", "1.2.0"),
        Instance("cart", "2.2.0", 1), Instance("cart", "2.2.0", 2), Instance("db", "15.0.0", 1), Instance("web", "1.2.0", 1), Instance("web", "1.2.0", 2),
    ];

    /// <summary>The shop with other versions.</summary>
    public static ArchitectureSpec Spec(string web, string accepts, string cart, string db = "15.0.0") => new()
    {
        Name = "shop",
        Services = new Dictionary<string, ServiceSpec>
        {
            ["cart"] = Shop.Service(cart, 2),
            ["db"] = Shop.Spec.Services["db"] with { Version = ReleaseVersion.Parse(db) },
            ["tax"] = Shop.Spec.Services["tax"],
            ["web"] = Shop.Service(web, 2) with
            {
                DependsOn = new Dictionary<string, DependencySpec>
                {
                    ["cart"] = new() { Accepts = VersionRange.Parse(accepts) },
                    ["db"] = new(),
                }.ToImmutableSortedDictionary(),
            },
        }.ToImmutableSortedDictionary(),
    };

    public static Service Runs(string name, params string[] whole) => Shop.State(name) with
    {
        Target = new ServiceTarget(2, "t", name == "db" ? 1 : 2),
        StableSet = 2,
        Whole = [.. whole.Select(version => ReleaseVersion.Parse(version))],
    };

    public static Instance Instance(string service, string version, int number) =>
        Shop.Instance(service, $"{service}-{version}-{number}") with { Version = ReleaseVersion.Parse(version), Set = version is "1.1.0" or "2.0.0" ? 1 : 2 };

    private static IEnumerable<Release> Releases(ArchitectureSpec spec) =>
        from entry in spec.Services
        where entry.Value.Version is not null
        select new Release { Architecture = "shop", Service = entry.Key, Version = entry.Value.Version!, Recorded = Shop.Noon, Spec = entry.Value };
}
