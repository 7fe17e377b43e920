using System.Collections.Immutable;
using Tutti.Decisions.Transitions;
using Tutti.Decisions.Versions.Solving;
using Tutti.Model.Versions;

namespace Tutti.Cli.Solve;

/// <summary>Asks for the way from what runs to what was solved.</summary>
internal static class SolvedTransition
{
    /// <summary>What runs are all current versions, whole; a version that is not among the releases is taken to need nothing.</summary>
    public static TransitionQuestion Ask(SolveQuestion question, ImmutableSortedSet<string> pets, Solution solution) => new()
    {
        Live = [.. question.Current.SelectMany(service => service.Value.Select(version => SideOf(question, pets, service.Key, version)))],
        Target = [.. solution.Versions.Select(version => SideOf(question, pets, version.Key, version.Value))],
    };

    private static Side SideOf(SolveQuestion question, ImmutableSortedSet<string> pets, string service, ReleaseVersion version) => new()
    {
        Service = service,
        Version = version,
        Needs = question.Catalogue.Services.GetValueOrDefault(service, []).FirstOrDefault(release => release.Version.Equals(version))?.Needs ?? [],
        Pet = pets.Contains(service),
    };
}
