using System.Collections.Immutable;
using FsCheck.Xunit;
using Tutti.Decisions.Versions.Solving;
using Tutti.Model.Versions;

namespace Tutti.Decisions.Tests.Versions.Solving;

[Properties(Arbitrary = [typeof(SolveCases)], MaxTest = 500)]
public sealed class VersionSolverProperties
{
    [Property]
    public void As_good_as_brute_force_in_every_criterion(SolveCase given)
    {
        var best = BruteForce.Best(given.Question);
        var answer = VersionSolver.Solve(given.Question);
        if (best is null)
        {
            Assert.IsType<NoSolution>(answer);
        }
        else
        {
            Assert.Equal(best, Assert.IsType<Solution>(answer).Versions);
        }
    }

    [Property]
    public void Changed_is_what_differs_and_says_why(SolveCase given)
    {
        if (VersionSolver.Solve(given.Question) is Solution solution)
        {
            var current = given.Question.Current;
            Assert.Equal(solution.Versions.Where(v => !current.GetValueOrDefault(v.Key, []).Contains(v.Value)).Select(v => (v.Key, v.Value)), solution.Changed.Select(c => (c.Service, c.To)));
            Assert.All(solution.Changed, move => Assert.Equal(current.GetValueOrDefault(move.Service, []), move.From));
            Assert.All(solution.Changed, move => Assert.DoesNotContain("best set", move.Because));
        }
    }

    [Property]
    public void The_same_answer_whatever_the_order_of_releases_and_history(SolveCase given)
    {
        var question = given.Question;
        var turned = question with
        {
            Catalogue = new Catalogue { Services = question.Catalogue.Services.ToImmutableSortedDictionary(s => s.Key, s => s.Value.Reverse().ToImmutableArray(), StringComparer.Ordinal) },
            History = [.. question.History.Reverse()],
        };

        Assert.Equal(Text(VersionSolver.Solve(question)), Text(VersionSolver.Solve(turned)));
    }

    [Property]
    public void Taking_a_constraint_away_never_breaks_a_solution(SolveCase given)
    {
        if (VersionSolver.Solve(given.Question) is not Solution)
        {
            return;
        }

        var random = new Random(given.Seed);
        var fewer = WithoutNeeds(given.Question, (_, _, _) => random.Next(3) == 0);
        Assert.IsType<Solution>(VersionSolver.Solve(fewer));
        foreach (var name in given.Question.Catalogue.Services.Keys)
        {
            Assert.IsType<Solution>(VersionSolver.Solve(given.Question with { Pins = given.Question.Pins.Remove(name) }));
            Assert.IsType<Solution>(VersionSolver.Solve(given.Question with { Holds = given.Question.Holds.Remove(name) }));
            Assert.IsType<Solution>(VersionSolver.Solve(given.Question with { Wishes = given.Question.Wishes.Remove(name) }));
        }

        Assert.IsType<Solution>(VersionSolver.Solve(given.Question with { Force = true }));
    }

    [Property]
    public void What_nothing_leads_to_has_no_say(SolveCase given)
    {
        var services = given.Question.Catalogue.Services;
        var need = new Need("a", VersionRange.Parse("1.0.0"));
        var wider = services.ToImmutableSortedDictionary(
            s => s.Key,
            s => s.Value.Add(new CatalogueRelease(ReleaseVersion.Parse("1.0.5"), [new Need("nowhere", VersionRange.Any)])),
            StringComparer.Ordinal);
        wider = wider.Add("aa", [new CatalogueRelease(ReleaseVersion.Parse("1.0.0"), [need])]).Add("z", [new CatalogueRelease(ReleaseVersion.Parse("9.0.0"), [need])]);

        var (before, after) = (VersionSolver.Solve(given.Question), VersionSolver.Solve(given.Question with { Catalogue = new Catalogue { Services = wider } }));
        Assert.Equal(before.GetType(), after.GetType());
        if (before is Solution solution)
        {
            Assert.Equal(Text(solution), Text(after));
        }
    }

    // 70 releases that cannot be had before all others: every set of versions is wider than a word.
    [Property]
    public void Many_releases_that_cannot_be_had_have_no_say(SolveCase given)
    {
        var old = Enumerable.Range(0, 70).Select(n => new CatalogueRelease(ReleaseVersion.Parse($"0.1.{n}"), [new Need("nowhere", VersionRange.Any)])).ToArray();
        var wider = given.Question.Catalogue.Services.ToImmutableSortedDictionary(s => s.Key, s => s.Value.AddRange(old), StringComparer.Ordinal);

        var (before, after) = (VersionSolver.Solve(given.Question), VersionSolver.Solve(given.Question with { Catalogue = new Catalogue { Services = wider } }));
        Assert.Equal(before.GetType(), after.GetType());
        if (before is Solution solution)
        {
            Assert.Equal(Text(solution), Text(after));
        }
    }

    [Property]
    public void None_of_the_ranges_of_an_explanation_can_be_left_out(SolveCase given)
    {
        if (VersionSolver.Solve(given.Question) is not NoSolution none)
        {
            return;
        }

        Assert.NotEmpty(none.Explanation);
        Assert.Equal(none.Core.Length, none.Core.Distinct().Count());
        var only = WithoutNeeds(given.Question, (name, version, need) => !none.Core.Contains(new CoreFact(name, version, need.Service, need.Range)));
        Assert.Null(BruteForce.Best(only));
        foreach (var fact in none.Core)
        {
            Assert.NotNull(BruteForce.Best(WithoutNeeds(only, (name, version, need) => fact == new CoreFact(name, version, need.Service, need.Range))));
        }
    }

    [Property]
    public void Nearest_requests_can_be_had(SolveCase given)
    {
        if (VersionSolver.Solve(given.Question) is not NoSolution none)
        {
            return;
        }

        Assert.InRange(none.Nearest.Length, 0, 3);
        Assert.Equal(none.Nearest.Length, none.Nearest.Select(n => n.Text).Distinct().Count());
        foreach (var nearest in none.Nearest)
        {
            var asked = given.Question with { Wishes = nearest.Wishes, Holds = given.Question.Holds.Except(nearest.Released), Pins = given.Question.Pins.RemoveRange(nearest.Released) };
            Assert.NotNull(BruteForce.Best(asked));
        }
    }

    private static SolveQuestion WithoutNeeds(SolveQuestion question, Func<string, ReleaseVersion, Need, bool> left) => question with
    {
        Catalogue = new Catalogue
        {
            Services = question.Catalogue.Services.ToImmutableSortedDictionary(
                s => s.Key,
                s => s.Value.Select(r => r with { Needs = [.. r.Needs.Where(need => !left(s.Key, r.Version, need))] }).ToImmutableArray(),
                StringComparer.Ordinal),
        },
    };

    private static string Text(SolveAnswer answer) => answer switch
    {
        Solution solution => string.Join('\n', solution.Versions.Select(v => $"{v.Key} {v.Value}").Concat(solution.Changed.Select(c => $"{c.Service} {string.Join(' ', c.From)} {c.To} {c.Because}"))),
        NoSolution none => string.Join('\n', none.Explanation.Concat(none.Core.Select(c => c.ToString())).Concat(none.Nearest.Select(n => n.Text))),
        _ => throw new InvalidOperationException(),
    };
}
