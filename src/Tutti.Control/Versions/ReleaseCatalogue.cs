using System.Collections.Immutable;
using Tutti.Control.Commands;
using Tutti.Control.Loop;
using Tutti.Control.State;
using Tutti.Model.Manifest;
using Tutti.Model.Problems;
using Tutti.Model.Versions;

namespace Tutti.Control.Versions;

/// <summary>The releases of every architecture: each (service, version) is recorded once, and never changes.</summary>
internal sealed class ReleaseCatalogue(Workspace work)
{
    // Names in one line of the journal, and in one message.
    private const int MostNamed = 20;

    /// <summary>Records the releases of a manifest without deploying them.</summary>
    public CommandResult Add(AddReleases command)
    {
        var spec = command.Spec;
        if (work.State.Architectures.Find(spec.Name) is not { } architecture)
        {
            return Unknown(spec.Name);
        }

        if (!spec.Services.Values.Any(service => service.Version is not null))
        {
            return Refuse.With("invalid", "no service in it has a version, so there is no release to record");
        }

        if (Conflict(spec) is { } conflict)
        {
            return conflict;
        }

        if (Unresolved(architecture, spec) is { Length: > 0 } problems)
        {
            var detail = problems.Length == 1 ? problems[0].Message : $"{problems.Length} dependencies lead to services that {spec.Name} does not know; nothing was changed";
            return Refuse.With("invalid", detail, problems);
        }

        var recorded = Record(spec);
        if (recorded.Length > 0)
        {
            var more = recorded.Length > MostNamed ? $" and {recorded.Length - MostNamed} more" : "";
            work.Journal(EventKind.Set, $"{command.Author} records {string.Join(", ", recorded.Take(MostNamed))}{more}, not deployed", spec.Name);
        }

        return new CommandResult { Set = architecture.CurrentSet, Changed = recorded.Length > 0, Recorded = recorded };
    }

    /// <summary>The refusal where a release differs from what was recorded under the same version; null: none does.</summary>
    public CommandResult? Conflict(ArchitectureSpec spec)
    {
        var problems = RecordedReleases.Differences(work.State, spec);
        return problems.Length == 0
            ? null
            : Refuse.With(
                "immutable-release",
                problems.Length == 1 ? problems[0].Message : $"{problems.Length} releases differ from what was recorded under the same version; raise their versions",
                problems);
    }

    /// <summary>Records what is not recorded yet, and says what that was.</summary>
    public ImmutableArray<ReleaseName> Record(ArchitectureSpec spec)
    {
        var recorded = ImmutableArray.CreateBuilder<ReleaseName>();
        foreach (var (name, service) in spec.Services)
        {
            if (service.Version is { } version && Find(spec.Name, name, version) is null)
            {
                work.Put(new Release { Architecture = spec.Name, Service = name, Version = version, Recorded = work.Now, Spec = service });
                recorded.Add(new ReleaseName(name, version));
            }
        }

        return recorded.ToImmutable();
    }

    private Release? Find(string architecture, string service, ReleaseVersion version) => work.State.Releases.Find($"{architecture}/{service}/{version}");

    /// <summary>Dependencies on services that are neither in the manifest, nor in the current set, nor in the catalogue.</summary>
    private ImmutableArray<Problem> Unresolved(Architecture architecture, ArchitectureSpec spec)
    {
        var known = spec.Services.Keys
            .Concat(work.State.Set(architecture.Name, architecture.CurrentSet)?.Spec.Services.Keys ?? [])
            .Concat(work.State.Releases.All.Where(release => release.Architecture == architecture.Name).Select(release => release.Service))
            .ToImmutableSortedSet(StringComparer.Ordinal);
        var problems = ImmutableArray.CreateBuilder<Problem>();
        foreach (var (name, service) in spec.Services)
        {
            foreach (var provider in service.DependsOn.Keys.Where(provider => !known.Contains(provider)))
            {
                var nearest = Spelling.Nearest(provider, known);
                problems.Add(new Problem
                {
                    Rule = "unknown-service",
                    Message = $"{name} {service.Version} depends on '{provider}', which is neither in the file nor in {architecture.Name}, nor recorded; "
                        + (nearest is null ? "add it to the file, or record a release of it first" : $"did you mean '{nearest}'?"),
                    Path = $"services.{name}.dependsOn.{provider}",
                    Found = provider,
                    Expected = string.Join(", ", known.Take(MostNamed)),
                    Suggestion = nearest,
                });
            }
        }

        return problems.ToImmutable();
    }

    private CommandResult Unknown(string name)
    {
        var known = string.Join(", ", work.State.Architectures.All.Select(each => each.Name).Order(StringComparer.Ordinal).Take(MostNamed));
        return Refuse.With(
            "not-found",
            $"there is no architecture '{name}' to record a release for; {(known.Length == 0 ? "apply a manifest of it first" : $"there is {known}: name one with --architecture, or apply a manifest of '{name}' first")}");
    }
}
