using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Tutti.Decisions.Versions.Solving;
using Tutti.Model.Lifecycle;
using Tutti.Model.Versions;

namespace Tutti.Decisions.Tests.Versions.Solving;

/// <summary>A small question, readable when it fails.</summary>
public sealed record SolveCase(int Seed, SolveQuestion Question)
{
    public override string ToString()
    {
        var catalogue = Question.Catalogue.Services.SelectMany(s => s.Value.Select(r =>
            $"  {s.Key} {r.Version}{(r.Reversible ? "" : " irreversible")} {{ {string.Join(", ", r.Needs.Select(n => $"{n.Service}{(n.Optional ? "?" : "")}: {n.Range}"))} }}"));
        var history = Question.History.Select(set => string.Join(' ', set.Select(v => $"{v.Key} {v.Value}")));
        return $"""

            seed {Seed}
            {string.Join('\n', catalogue)}
              current {string.Join(", ", Question.Current.Select(c => $"{c.Key} [{string.Join(' ', c.Value)}]"))}
              wishes {string.Join(", ", Question.Wishes.Select(w => $"{w.Key} {w.Value}"))}
              pins {string.Join(", ", Question.Pins.Select(p => $"{p.Key} {p.Value}"))} holds {string.Join(", ", Question.Holds)} force {Question.Force}
              criticality {string.Join(", ", Question.Criticality.Select(c => $"{c.Key} {c.Value}"))}
              history {string.Join(" / ", history)}
            """;
    }
}

/// <summary>Small questions with all that there can be in them: cycles, optional needs, prereleases, mixed states, versions that are gone.</summary>
public static class SolveCases
{
    private static readonly string[] _versions = ["1.0.0", "1.1.0", "2.0.0-rc.1", "2.0.0", "2.1.0"];
    private static readonly string[] _ranges =
        ["*", "^1", "^2", "1.0.0", "1.1.0", ">=1.1", "<2", "2.0.0-rc.1", ">=2.0.0-rc.1", "1.0.0 || ^2", "=2.1.0", ">=1.0.0 <2.1.0", ">=3"];

    public static Arbitrary<SolveCase> Cases() => Arb.From(Gen.Choose(0, int.MaxValue).Select(Of));

    public static SolveCase Of(int seed)
    {
        var random = new Random(seed);
        string[] names = [.. new[] { "a", "b", "c", "d", "e" }.Take(random.Next(2, 6))];
        var most = names.Length == 5 ? 4 : 5;
        var catalogue = names.ToImmutableSortedDictionary(name => name, name => Releases(random, names, most), StringComparer.Ordinal);
        var current = names.Where(_ => random.Next(3) > 0).ToImmutableSortedDictionary(name => name, name => Current(random, catalogue[name]), StringComparer.Ordinal);
        return new SolveCase(seed, new SolveQuestion
        {
            Catalogue = new Catalogue { Services = catalogue },
            Current = current,
            Wishes = Some(random, names, 3, _ => random.Next(4) == 0 ? VersionWish.Newest : new VersionWish(Range(random))),
            Pins = Some(random, names, 8, _ => Range(random)),
            Holds = names.Where(_ => random.Next(8) == 0).ToImmutableSortedSet(StringComparer.Ordinal),
            Criticality = Some(random, names, 2, _ => (Criticality)random.Next(4)),
            Force = random.Next(3) == 0,
            History = [.. Enumerable.Range(0, Math.Max(0, random.Next(-3, 4))).Select(_ => Some(random, names, 1, name => catalogue[name].IsEmpty ? Version(random) : catalogue[name][random.Next(catalogue[name].Length)].Version))],
        });
    }

    private static ImmutableArray<CatalogueRelease> Releases(Random random, string[] names, int most)
    {
        var picked = _versions.Where(_ => random.Next(4) > 0).ToArray();
        random.Shuffle(picked);
        return
        [
            .. picked.Take(most).Select(version => new CatalogueRelease(
                ReleaseVersion.Parse(version),
                [.. names.Where(_ => random.Next(3) == 0).Select(name => new Need(name, Range(random), random.Next(4) == 0))],
                random.Next(10) > 0)),
        ];
    }

    private static ImmutableArray<ReleaseVersion> Current(Random random, ImmutableArray<CatalogueRelease> releases)
    {
        if (releases.IsEmpty || random.Next(12) == 0)
        {
            return [Version(random)];
        }

        var first = releases[random.Next(releases.Length)].Version;
        var second = releases[random.Next(releases.Length)].Version;
        return random.Next(6) == 0 && !first.Equals(second) ? [first, second] : [first];
    }

    private static ImmutableSortedDictionary<string, T> Some<T>(Random random, string[] names, int oneIn, Func<string, T> value) =>
        names.Where(_ => random.Next(oneIn) == 0).ToImmutableSortedDictionary(name => name, value, StringComparer.Ordinal);

    private static VersionRange Range(Random random) => VersionRange.Parse(_ranges[random.Next(_ranges.Length)]);

    private static ReleaseVersion Version(Random random) => ReleaseVersion.Parse(_versions[random.Next(_versions.Length)]);
}
