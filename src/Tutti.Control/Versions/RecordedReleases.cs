using System.Collections.Immutable;
using Tutti.Control.State;
using Tutti.Model.Manifest;
using Tutti.Model.Problems;
using Tutti.Model.Versions;

namespace Tutti.Control.Versions;

/// <summary>What was recorded under a version holds for ever.</summary>
public static class RecordedReleases
{
    /// <summary>Each field in which a manifest differs from a release recorded under the same version; empty: it can be applied.</summary>
    public static ImmutableArray<Problem> Differences(ClusterState state, ArchitectureSpec spec)
    {
        var problems = ImmutableArray.CreateBuilder<Problem>();
        foreach (var (name, service) in spec.Services)
        {
            if (service.Version is not { } version || state.Releases.Find($"{spec.Name}/{name}/{version}") is not { } recorded)
            {
                continue;
            }

            foreach (var (path, before, after) in ReleaseImmutability.Differences(recorded.Spec, service))
            {
                problems.Add(new Problem
                {
                    Rule = "immutable-release",
                    Message = $"{name} {version} was recorded with {path} {before ?? "(absent)"}, and now has {after ?? "(absent)"}: a release never changes, so give it a new version",
                    Path = $"services.{name}.{path}",
                    Found = after,
                    Expected = before,
                });
            }
        }

        return problems.ToImmutable();
    }
}
