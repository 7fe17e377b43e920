using System.Collections.Immutable;
using Tutti.Model.Versions;

namespace Tutti.Decisions.Versions.Solving;

/// <summary>Every release that may be chosen, by service. A service without a release cannot be had.</summary>
public sealed record Catalogue
{
    /// <summary>Releases by service, in any order, each version once.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<CatalogueRelease>> Services { get; init; } =
        ImmutableSortedDictionary.Create<string, ImmutableArray<CatalogueRelease>>(StringComparer.Ordinal);
}

/// <summary>One release as the solver and the transition planner see it.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Needs">What it accepts of others, each service once.</param>
/// <param name="Reversible">False: a service that is at this version or above it may not go below it.</param>
public sealed record CatalogueRelease(ReleaseVersion Version, ImmutableArray<Need> Needs, bool Reversible = true);

/// <summary>One dependency of a release on a service that Tutti runs (external services have no version and are left out).</summary>
/// <param name="Service">The provider.</param>
/// <param name="Range">The versions of it that are accepted.</param>
/// <param name="Optional">True: the provider may be absent; where it is there, its version must be accepted all the same.</param>
public sealed record Need(string Service, VersionRange Range, bool Optional = false);
