using System.Collections.Immutable;
using Tutti.Decisions.Versions.Solving;
using Tutti.Model.Lifecycle;
using Tutti.Model.Versions;

namespace Tutti.Decisions.Tests.Versions.Solving;

public sealed class VersionSolverTests
{
    // The example of the design: web and cart move together.
    private const string Shop = """
        web 1.2.0: cart >=2.2 <3
        web 1.1.0: cart >=2.0 <2.2
        cart 2.0.0
        cart 2.2.0
        """;

    [Fact]
    public void A_consumer_brings_its_provider_along()
    {
        var solution = Solved(Given(Shop, "web 1.2.0, cart 2.2.0", "web 1.1.0"));

        Assert.Equal("cart 2.0.0, web 1.1.0", Text(solution));
        Assert.Equal(["cart 2.2.0 -> 2.0.0: web 1.1.0 accepts cart >=2.0 <2.2, not 2.2.0", "web 1.2.0 -> 1.1.0: you asked for web 1.1.0"], Moves(solution));
    }

    [Fact]
    public void A_provider_brings_its_consumer_along()
    {
        var solution = Solved(Given(Shop, "web 1.2.0, cart 2.2.0", "cart 2.0.0"));

        Assert.Equal(["cart 2.2.0 -> 2.0.0: you asked for cart 2.0.0", "web 1.2.0 -> 1.1.0: web 1.2.0 accepts cart >=2.2 <3, not 2.0.0"], Moves(solution));
    }

    [Fact]
    public void What_is_needed_comes_along_and_nothing_else()
    {
        var solution = Solved(Given(Shop + "\nmail 1.0.0", "", "web *"));

        Assert.Equal(["cart  -> 2.2.0: web 1.2.0 needs cart >=2.2 <3", "web  -> 1.2.0: you asked for web *"], Moves(solution));
    }

    [Fact]
    public void Nothing_asked_is_nothing_changed()
    {
        Assert.Empty(Solved(Given(Shop, "", "")).Versions);
        var solution = Solved(Given(Shop, "web 1.1.0, cart 2.0.0", ""));
        Assert.Equal("cart 2.0.0, web 1.1.0", Text(solution));
        Assert.Empty(solution.Changed);
    }

    [Fact]
    public void The_newest_comes_before_few_changes()
    {
        var solution = Solved(Given(Shop, "web 1.1.0, cart 2.0.0", "web newest"));

        Assert.Equal("cart 2.2.0, web 1.2.0", Text(solution));
        Assert.Contains("you asked for the newest web", Moves(solution)[1]);
    }

    [Fact]
    public void The_newest_of_the_more_critical_comes_first()
    {
        const string Catalogue = """
            a 1.0.0
            a 2.0.0: c 1.0.0
            b 1.0.0
            b 2.0.0: c 2.0.0
            c 1.0.0
            c 2.0.0
            """;
        var question = Given(Catalogue, "a 1.0.0, b 1.0.0, c 1.0.0", "a newest, b newest");

        Assert.Equal("a 2.0.0, b 1.0.0, c 1.0.0", Text(Solved(question)));
        question = question with { Criticality = question.Criticality.Add("b", Criticality.CriticalPlus) };
        Assert.Equal("a 1.0.0, b 2.0.0, c 2.0.0", Text(Solved(question)));
    }

    [Fact]
    public void The_less_critical_is_disturbed_first()
    {
        const string Catalogue = """
            web 1.0.0
            web 2.0.0: a 2.0.0 || 1.0.0, b 2.0.0 || 1.0.0
            a 1.0.0: b 2.0.0
            a 2.0.0: b 1.0.0
            b 1.0.0
            b 2.0.0
            """;
        var question = Given(Catalogue.Replace("a 1.0.0: b 2.0.0", "a 1.0.0: b 2.0.0, web 2.0.0"), "web 1.0.0, a 1.0.0, b 1.0.0", "web 2.0.0");

        Assert.Equal("a 2.0.0, b 1.0.0, web 2.0.0", Text(Solved(question with { Criticality = question.Criticality.Add("b", Criticality.CriticalPlus) })));
        Assert.Equal("a 1.0.0, b 2.0.0, web 2.0.0", Text(Solved(question with { Criticality = question.Criticality.Add("a", Criticality.CriticalPlus) })));
    }

    [Fact]
    public void What_ran_together_is_preferred_to_what_is_newest()
    {
        const string Catalogue = """
            web 1.0.0: cart 1.0.0
            web 2.0.0: cart >=2
            cart 1.0.0
            cart 2.0.0
            cart 2.1.0
            """;
        var question = Given(Catalogue, "web 1.0.0, cart 1.0.0", "web 2.0.0");

        Assert.Equal("cart 2.1.0, web 2.0.0", Text(Solved(question)));
        Assert.Equal("cart 2.0.0, web 2.0.0", Text(Solved(question with { History = [Set("web 2.0.0, cart 2.0.0"), Set("web 1.0.0, cart 2.1.0")] })));
    }

    [Fact]
    public void A_hold_is_named_in_the_chain_and_can_be_let_go_of()
    {
        var none = Unsolved(Given(Shop, "web 1.2.0, cart 2.2.0", "web 1.1.0") with { Holds = ["cart"] });

        Assert.Equal(["you asked for web 1.1.0", "web 1.1.0 accepts cart >=2.0 <2.2", "cart is held at 2.2.0"], none.Explanation);
        Assert.Equal([new CoreFact("web", V("1.1.0"), "cart", R(">=2.0 <2.2"))], none.Core);
        Assert.Equal(["web 1.2.0", "web 1.1.0 without the hold on cart"], none.Nearest.Select(n => n.Text));
    }

    [Fact]
    public void A_pin_is_named_in_the_chain()
    {
        var none = Unsolved(Given(Shop, "", "web 1.2.0") with { Pins = ImmutableSortedDictionary.Create<string, VersionRange>(StringComparer.Ordinal).Add("cart", R("~2.0")) });

        Assert.Equal(["you asked for web 1.2.0", "web 1.2.0 accepts cart >=2.2 <3", "cart is pinned to ~2.0"], none.Explanation);
        Assert.Equal(["web 1.1.0", "web 1.2.0 without the pin on cart"], none.Nearest.Select(n => n.Text));
        Assert.Equal(["cart"], none.Nearest[1].Released);
    }

    [Fact]
    public void Nothing_below_what_is_not_reversible_unless_forced()
    {
        var question = Given(Shop.Replace("cart 2.2.0", "cart 2.2.0!"), "web 1.2.0, cart 2.2.0", "web 1.1.0");

        Assert.Equal(
            ["you asked for web 1.1.0", "web 1.1.0 accepts cart >=2.0 <2.2", "cart is at 2.2.0, and 2.2.0 is not reversible: nothing below that can be chosen"],
            Unsolved(question).Explanation);
        Assert.Equal("cart 2.0.0, web 1.1.0", Text(Solved(question with { Force = true })));
    }

    [Fact]
    public void A_range_without_a_release_says_which_there_are()
    {
        Assert.Equal(["you asked for cart >=3", "cart has no release in >=3 (it has 2.0.0 and 2.2.0)"], Unsolved(Given(Shop, "", "cart >=3")).Explanation);
        Assert.Equal(["cart 2.2.0", "cart 2.0.0"], Unsolved(Given(Shop, "", "cart >=3")).Nearest.Select(n => n.Text));
        Assert.Equal(
            ["you asked for web 1.3.0", "web 1.3.0 accepts mail ^1", "mail has no release"],
            Unsolved(Given(Shop + "\nweb 1.3.0: mail ^1", "", "web 1.3.0")).Explanation);
    }

    [Fact]
    public void Services_nobody_knows_are_named_with_what_was_meant()
    {
        var none = Unsolved(Given(Shop, "", "weeb 1.1.0") with { Holds = ["kart", "zzzzz"] });

        Assert.Equal(
            [
                "you asked for weeb 1.1.0, but there is no service weeb; did you mean web?",
                "you hold kart, but there is no service kart; did you mean cart?",
                "you hold zzzzz, but there is no service zzzzz",
            ],
            none.Explanation);
    }

    [Fact]
    public void What_is_there_now_takes_part()
    {
        var none = Unsolved(Given("web 1.2.0: cart 2.2.0\ncart 2.0.0\ncart 2.2.0", "web 1.2.0, cart 2.2.0", "cart 2.0.0"));

        Assert.Equal(["you asked for cart 2.0.0", "web is there now, at 1.2.0, and stays", "web 1.2.0 accepts cart 2.2.0"], none.Explanation);
    }

    [Fact]
    public void Versions_that_are_not_in_the_catalogue_cannot_stay()
    {
        var question = Given(Shop, "web 1.0.0, cart 2.2.0", "");

        Assert.Equal(["web 1.0.0 -> 1.2.0: 1.0.0 of web is not in the catalogue"], Moves(Solved(question)));
        Assert.Equal(["web is there now, at 1.0.0, and stays", "web is held at 1.0.0", "1.0.0 of web is not in the catalogue"], Unsolved(question with { Holds = ["web"] }).Explanation);
    }

    [Fact]
    public void An_interrupted_transition_ends_at_one_of_its_versions()
    {
        var question = Given(Shop, "web 1.2.0, cart 2.2.0", "");
        question = question with { Current = question.Current.SetItem("web", [V("1.1.0"), V("1.2.0")]).SetItem("cart", [V("2.0.0"), V("2.2.0")]) };

        var solution = Solved(question);

        Assert.Equal("cart 2.2.0, web 1.2.0", Text(solution));
        Assert.Empty(solution.Changed);
        Assert.Equal("cart 2.0.0, web 1.1.0", Text(Solved(question with { Holds = ["web"], Wishes = question.Wishes.Add("cart", new VersionWish(R("<2.2"))) })));
    }

    [Fact]
    public void An_optional_provider_may_be_absent_but_not_wrong()
    {
        const string Catalogue = """
            web 1.0.0: mail? ^2
            mail 1.0.0
            mail 2.0.0
            """;

        Assert.Equal("web 1.0.0", Text(Solved(Given(Catalogue, "", "web *"))));
        Assert.Equal("mail 2.0.0, web 1.0.0", Text(Solved(Given(Catalogue, "mail 1.0.0", "web *"))));
        Assert.Equal(
            ["you asked for mail 1.0.0", "you asked for web *", "web 1.0.0 accepts mail ^2 where it is there"],
            Unsolved(Given(Catalogue, "", "web *, mail 1.0.0")).Explanation);
    }

    [Fact]
    public void A_release_that_does_not_accept_itself_cannot_be_chosen()
    {
        Assert.Equal(["you asked for web 1.0.0", "web 1.0.0 accepts web ^2"], Unsolved(Given("web 1.0.0: web ^2\nweb 2.0.0: web ^2", "", "web 1.0.0")).Explanation);
    }

    [Fact]
    public void Prereleases_only_where_they_are_named()
    {
        const string Catalogue = """
            cart 1.0.0
            cart 2.0.0-rc.1
            web 1.0.0: cart *
            web 2.0.0: cart >=2.0.0-rc.1
            """;

        Assert.Equal("cart 1.0.0, web 1.0.0", Text(Solved(Given(Catalogue, "", "web ^1"))));
        Assert.Equal("cart 2.0.0-rc.1, web 2.0.0", Text(Solved(Given(Catalogue, "", "web 2.0.0"))));
        Assert.Equal("cart 2.0.0-rc.1", Text(Solved(Given(Catalogue, "cart 2.0.0-rc.1", ""))));
    }

    [Fact]
    public void More_than_64_releases()
    {
        var catalogue = string.Join('\n', Enumerable.Range(0, 200).Select(n => $"web 1.{n}.0: cart 1.{n}.0\ncart 1.{n}.0"));

        Assert.Equal("cart 1.130.0, web 1.130.0", Text(Solved(Given(catalogue, "web 1.190.0, cart 1.190.0", "web 1.130.0"))));
        var none = Unsolved(Given(catalogue, "web 1.190.0, cart 1.190.0", "web <1.100") with { Holds = ["cart"] });
        Assert.Equal(["you asked for web <1.100", "100 releases of web from 1.0.0 to 1.99.0 accept cart, each its own range, such as 1.0.0 and 1.99.0", "cart is held at 1.190.0"], none.Explanation);
        Assert.Equal(100, none.Core.Length);
    }

    [Fact]
    public void A_search_that_takes_too_long_can_be_cancelled()
    {
        // Six services that must all differ have five versions between them; each release of each says so of those before it.
        string[] names = ["a", "b", "c", "d", "e", "f"];
        var catalogue = names.SelectMany((name, n) => Enumerable.Range(1, 5).Select(v =>
            $"{name} {v}.0.0" + (n == 0 ? "" : ": " + string.Join(", ", names[..n].Select(other => $"{other} <{v} || >{v}.0.0")))));
        var question = Given(string.Join('\n', catalogue), "", string.Join(", ", names.Select(name => $"{name} *")));

        Assert.Throws<OperationCanceledException>(() => VersionSolver.Solve(question, new CancellationToken(canceled: true)));
        Assert.Equal(75, Unsolved(question).Core.Length);
    }

    private static SolveQuestion Given(string catalogue, string current, string wishes)
    {
        var releases = catalogue.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(": ")).Select(parts =>
        {
            var head = parts[0].Split(' ');
            var needs = parts.Length < 2 ? [] : parts[1].Split(", ").Select(need => need.Split(' ', 2)).Select(need => new Need(need[0].TrimEnd('?'), R(need[1]), need[0].EndsWith('?')));
            return (Service: head[0], Release: new CatalogueRelease(V(head[1].TrimEnd('!')), [.. needs], !head[1].EndsWith('!')));
        });
        return new SolveQuestion
        {
            Catalogue = new Catalogue { Services = releases.GroupBy(r => r.Service).ToImmutableSortedDictionary(g => g.Key, g => g.Select(r => r.Release).ToImmutableArray(), StringComparer.Ordinal) },
            Current = Set(current).ToImmutableSortedDictionary(v => v.Key, v => ImmutableArray.Create(v.Value), StringComparer.Ordinal),
            Wishes = Pairs(wishes).ToImmutableSortedDictionary(p => p[0], p => p[1] == "newest" ? VersionWish.Newest : new VersionWish(R(p[1])), StringComparer.Ordinal),
        };
    }

    private static ImmutableSortedDictionary<string, ReleaseVersion> Set(string versions) => Pairs(versions).ToImmutableSortedDictionary(p => p[0], p => V(p[1]), StringComparer.Ordinal);

    private static IEnumerable<string[]> Pairs(string list) => list.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split(' ', 2));

    private static Solution Solved(SolveQuestion question) => Assert.IsType<Solution>(VersionSolver.Solve(question));

    private static NoSolution Unsolved(SolveQuestion question) => Assert.IsType<NoSolution>(VersionSolver.Solve(question));

    private static string Text(Solution solution) => string.Join(", ", solution.Versions.Select(v => $"{v.Key} {v.Value}"));

    private static string[] Moves(Solution solution) => [.. solution.Changed.Select(c => $"{c.Service} {string.Join(' ', c.From)} -> {c.To}: {c.Because}")];

    private static ReleaseVersion V(string text) => ReleaseVersion.Parse(text);

    private static VersionRange R(string text) => VersionRange.Parse(text);
}
