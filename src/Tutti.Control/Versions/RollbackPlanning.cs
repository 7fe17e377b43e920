using System.Collections.Immutable;
using Tutti.Control.Commands;
using Tutti.Control.State;
using Tutti.Decisions.Versions.Solving;
using Tutti.Model.Manifest;
using Tutti.Model.Versions;

namespace Tutti.Control.Versions;

/// <summary>Works out what going back means: which services move, and to what. Reads the state, changes nothing; solving is the caller's, outside any lock.</summary>
public sealed record RollbackPlanning
{
    /// <summary>The architecture's current set.</summary>
    public required VersionSet Current { get; init; }

    /// <summary>Every set, for the entries of the answer.</summary>
    public required ImmutableArray<VersionSet> Sets { get; init; }

    /// <summary>Those of them that ran as a whole, the current one among them: what never did recommends nothing.</summary>
    public required ImmutableArray<VersionSet> Ran { get; init; }

    /// <summary>Every release.</summary>
    public required ImmutableArray<Release> Releases { get; init; }

    /// <summary>The set whose content is wanted as a whole; null: one service is wanted, see <see cref="Question"/>.</summary>
    public VersionSet? Whole { get; init; }

    /// <summary>What to ask the solver; null where a whole set is restored.</summary>
    public SolveQuestion? Question { get; init; }

    /// <summary>The set that held the wished release; null: none.</summary>
    public int? Origin { get; init; }

    /// <summary>The wish in words: <c>web to 1.1.0</c>, <c>set 41</c>.</summary>
    public required string Goal { get; init; }

    /// <summary>Reads what is needed from the state, or says why the wish cannot be.</summary>
    public static (RollbackPlanning? Planning, Refusal? Refusal) Of(ClusterState state, RollbackWish wish)
    {
        if (state.Architectures.Find(wish.Architecture) is not { } architecture)
        {
            return (null, Refuse.NotFound("architecture", wish.Architecture, state.Architectures.All.Select(each => each.Name)).Refusal);
        }

        var current = state.Set(architecture.Name, architecture.CurrentSet)!;
        if (architecture.Destroyed)
        {
            return (null, Refuse.With("conflict", $"{architecture.Name} is destroyed: apply its manifest to bring it back").Refusal);
        }

        var planning = new RollbackPlanning
        {
            Current = current,
            Sets = [.. state.SetsOf(architecture.Name)],
            Ran = [.. state.SetsOf(architecture.Name).Where(set => set == current || state.Transition(architecture.Name, set.Number)?.State is null or TransitionState.Succeeded)],
            Releases = [.. state.Releases.All.Where(release => release.Architecture == architecture.Name)],
            Goal = "",
        };
        return wish.Service is null ? planning.ToSet(wish) : planning.ToRelease(wish, wish.Service);
    }

    /// <summary>The specification that the solver's answer stands for.</summary>
    public ArchitectureSpec SpecOf(Solution solution)
    {
        var services = Current.Spec.Services.ToBuilder();
        foreach (var move in solution.Changed)
        {
            var entry = EntryOf(move.Service, move.To);
            var now = services.GetValueOrDefault(move.Service);

            // How many there are belongs to today's load, not to the release.
            services[move.Service] = now is null ? entry : entry with { Instances = now.Instances, Scale = now.Scale };
        }

        return Current.Spec with { Services = services.ToImmutable() };
    }

    /// <summary>The newest set that holds a release; null: it was never deployed.</summary>
    public VersionSet? LastWith(string service, ReleaseVersion version) =>
        Sets.LastOrDefault(set => set.Spec.Services.GetValueOrDefault(service)?.Version?.Equals(version) == true);

    private (RollbackPlanning?, Refusal?) ToSet(RollbackWish wish)
    {
        if ((wish.Set ?? SetHistory.Previous(Current, each => Sets.FirstOrDefault(set => set.Number == each))) is not { } wanted)
        {
            return (null, Refuse.With("conflict", $"{Current.Architecture} has no set before set {Current.Number}: there is nothing to go back to").Refusal);
        }

        return Sets.FirstOrDefault(set => set.Number == wanted) is not { } whole
            ? (null, Refuse.NotFound("version set", $"{wanted}", Sets.TakeLast(20).Select(set => $"{set.Number}")).Refusal)
            : !wish.Force && SetHistory.Irreversible(Current, whole) is { } stuck
                ? (null, stuck)
                : (this with { Whole = whole, Origin = wanted, Goal = $"set {wanted}" }, null);
    }

    private (RollbackPlanning?, Refusal?) ToRelease(RollbackWish wish, string service)
    {
        if (!Current.Spec.Services.TryGetValue(service, out var now))
        {
            return (null, Refuse.NotFound("service", service, Current.Spec.Services.Keys).Refusal);
        }

        if (now.Version is null)
        {
            return (null, Refuse.With("invalid", $"{service} is external: Tutti does not run it, so it has no release to go back to").Refusal);
        }

        foreach (var name in wish.Pins.Keys.Concat(wish.Holds))
        {
            if (!Current.Spec.Services.ContainsKey(name))
            {
                return (null, Refuse.NotFound("service", name, Current.Spec.Services.Keys).Refusal);
            }
        }

        var (range, refusal) = RangeOf(wish, service, now.Version);
        if (range is null)
        {
            return (null, refusal);
        }

        var question = Ask(wish) with { Wishes = ImmutableSortedDictionary.Create<string, VersionWish>(StringComparer.Ordinal).Add(service, new VersionWish(range)) };
        var origin = Sets.LastOrDefault(set => set.Number != Current.Number && set.Spec.Services.GetValueOrDefault(service)?.Version is { } version && range.Accepts(version));
        return (this with { Question = question, Origin = origin?.Number, Goal = $"{service} to {range}" }, null);
    }

    private (VersionRange? Range, Refusal? Refusal) RangeOf(RollbackWish wish, string service, ReleaseVersion now)
    {
        if (wish.To is not null)
        {
            return (wish.To, null);
        }

        if (wish.Set is { } number)
        {
            return Sets.FirstOrDefault(set => set.Number == number) is not { } set
                ? (null, Refuse.NotFound("version set", $"{number}", Sets.TakeLast(20).Select(each => $"{each.Number}")).Refusal)
                : set.Spec.Services.GetValueOrDefault(service)?.Version is { } version
                    ? (VersionRange.Parse(version.ToString()), null)
                    : (null, Refuse.With("conflict", $"set {number} has no {service}").Refusal);
        }

        var before = Ran.Reverse().Concat(Sets.Reverse())
            .Select(set => set.Spec.Services.GetValueOrDefault(service)?.Version)
            .FirstOrDefault(version => version is not null && version.CompareTo(now) < 0);
        return before is not null
            ? (VersionRange.Parse(before.ToString()), null)
            : (null, Refuse.With("conflict", $"{service} {now} is the first release of it that was applied: there is none to go back to (see 'tutti releases {service}', and --to)").Refusal);
    }

    private SolveQuestion Ask(RollbackWish wish) => new()
    {
        Catalogue = new Catalogue
        {
            Services = Releases
                .GroupBy(release => release.Service, StringComparer.Ordinal)
                .ToImmutableSortedDictionary(
                    group => group.Key,
                    group => group.Select(release => new CatalogueRelease(
                        release.Version,
                        [.. Transitions.Sides.Needs(release.Spec, Current.Spec)],
                        (LastWith(release.Service, release.Version)?.Spec.Services[release.Service] ?? release.Spec).Reversible)).ToImmutableArray(),
                    StringComparer.Ordinal),
        },
        Current = Current.Spec.Services
            .Where(entry => entry.Value.Version is not null)
            .ToImmutableSortedDictionary(entry => entry.Key, entry => ImmutableArray.Create(entry.Value.Version!), StringComparer.Ordinal),
        Pins = wish.Pins,
        Holds = wish.Holds,
        Force = wish.Force,
        Criticality = Current.Spec.Services.ToImmutableSortedDictionary(entry => entry.Key, entry => entry.Value.Criticality, StringComparer.Ordinal),
        History = [.. Ran.Select(set => set.Spec.Services
            .Where(entry => entry.Value.Version is not null)
            .ToImmutableSortedDictionary(entry => entry.Key, entry => entry.Value.Version!, StringComparer.Ordinal))],
    };

    /// <summary>As the newest set that held the release had it; as it was recorded where none did.</summary>
    private ServiceSpec EntryOf(string service, ReleaseVersion version) =>
        LastWith(service, version)?.Spec.Services[service]
        ?? Releases.First(release => release.Service == service && release.Version.Equals(version)).Spec;
}
