using System.Collections.Immutable;
using System.Text.Json;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Tests.Fakes;
using Tutti.Decisions.Transitions;
using Tutti.Decisions.Versions.Solving;
using Tutti.Model.Versions;

namespace Tutti.Cli.Tests.Solve;

/// <summary>What is asked of the solver and the planner, and how their answers are printed; the answers here are made up.</summary>
public sealed class SolveCommandTests
{
    private const string Question = """
        releases: {web: {1.2.0: {cart: ">=2.2 <3"}, 1.1.0: {cart: ">=2.0 <2.2"}}, cart: {2.0.0: {}, 2.2.0: {}}, db: {1.0.0: {}}}
        current: {web: [1.2.0, 1.1.5], cart: 2.2.0}
        request: {web: 1.1.0}
        pets: [db]
        """;

    private static readonly Solution _solution = new()
    {
        Versions = Versions(("web", "1.1.0"), ("cart", "2.0.0"), ("db", "1.0.0"), ("api", "3.0.0")),
        Changed =
        [
            new("cart", [Of("2.2.0")], Of("2.0.0"), "web 1.1.0 accepts cart >=2.0 <2.2"),
            new("db", [], Of("1.0.0"), "web 1.1.0 needs it"),
            new("web", [Of("1.1.5"), Of("1.2.0")], Of("1.1.0"), "asked for"),
        ],
    };

    private static readonly TransitionPlan _plan = new()
    {
        Events =
        [
            new() { Kind = TransitionEventKind.Start, Service = "cart", Version = Of("2.0.0"), Because = "cart goes to 2.0.0" },
            new() { Kind = TransitionEventKind.Start, Service = "web", Version = Of("1.1.0"), Because = "web goes to 1.1.0", After = [new(0, "web 1.1.0 does not accept cart 2.2.0")] },
            new() { Kind = TransitionEventKind.Retire, Service = "web", Version = Of("1.2.0"), Because = "web 1.2.0 is replaced by 1.1.0", After = [new(1, "web stays up")] },
        ],
        Waves = [[0], [1], [2]],
        Gaps = [new("db", Of("0.9.0"), Of("1.0.0"), ["web 1.1.0"], "db is a pet")],
    };

    [Fact]
    public async Task Json_of_an_answer()
    {
        var asked = new List<TransitionQuestion>();
        using var run = Run(_ => _solution, question =>
        {
            asked.Add(question);
            return _plan;
        });
        Assert.Equal(ExitCode.Done, await run.RunAsync("solve", "-", "-o", "json"));
        Assert.Empty(run.Error);
        AssertJson(
            """
            {
              "solved": true,
              "versions": {"api": "3.0.0", "cart": "2.0.0", "db": "1.0.0", "web": "1.1.0"},
              "changed": [
                {"service": "cart", "from": "2.2.0", "to": "2.0.0", "because": "web 1.1.0 accepts cart >=2.0 <2.2"},
                {"service": "db", "from": null, "to": "1.0.0", "because": "web 1.1.0 needs it"},
                {"service": "web", "from": ["1.1.5", "1.2.0"], "to": "1.1.0", "because": "asked for"}
              ],
              "transition": {
                "events": [
                  {"id": "start cart 2.0.0", "event": "start", "service": "cart", "version": "2.0.0", "after": [], "because": "cart goes to 2.0.0", "waits": []},
                  {"id": "start web 1.1.0", "event": "start", "service": "web", "version": "1.1.0", "after": ["start cart 2.0.0"], "because": "web goes to 1.1.0",
                    "waits": [{"event": "start cart 2.0.0", "because": "web 1.1.0 does not accept cart 2.2.0"}]},
                  {"id": "retire web 1.2.0", "event": "retire", "service": "web", "version": "1.2.0", "after": ["start web 1.1.0"], "because": "web 1.2.0 is replaced by 1.1.0",
                    "waits": [{"event": "start web 1.1.0", "because": "web stays up"}]}
                ],
                "waves": [["start cart 2.0.0"], ["start web 1.1.0"], ["retire web 1.2.0"]],
                "gaps": [{"service": "db", "from": "0.9.0", "to": "1.0.0", "consumers": ["web 1.1.0"], "because": "db is a pet"}]
              }
            }
            """,
            run.Out);

        var transition = Assert.Single(asked);
        Assert.Equal(
            ["cart 2.2.0 []", "web 1.1.5 []", "web 1.2.0 [cart >=2.2 <3]"],
            transition.Live.Select(Spelled).Order());
        Assert.Equal(
            ["api 3.0.0 []", "cart 2.0.0 []", "db 1.0.0 [] pet", "web 1.1.0 [cart >=2.0 <2.2]"],
            transition.Target.Select(Spelled).Order());
    }

    [Fact]
    public async Task Text_of_an_answer()
    {
        using var run = Run(_ => _solution, _ => _plan);
        Assert.Equal(ExitCode.Done, await run.RunAsync("solve", "-"));
        Assert.Equal(
            """
            SERVICE  FROM          TO     BECAUSE
            cart     2.2.0         2.0.0  web 1.1.0 accepts cart >=2.0 <2.2
            db       (new)         1.0.0  web 1.1.0 needs it
            web      1.1.5, 1.2.0  1.1.0  asked for
            Stay as they are: api 3.0.0

            Transition: 3 events in 3 waves
              wave 1
                start cart 2.0.0: cart goes to 2.0.0
              wave 2
                start web 1.1.0: web goes to 1.1.0
                  after start cart 2.0.0: web 1.1.0 does not accept cart 2.2.0
              wave 3
                retire web 1.2.0: web 1.2.0 is replaced by 1.1.0
                  after start web 1.1.0: web stays up

            Gaps, which need consent:
              db 0.9.0 → 1.0.0: web 1.1.0 without it meanwhile; db is a pet

            """,
            run.Out);
    }

    [Fact]
    public async Task A_way_that_is_refused_leaves_the_answer()
    {
        using var run = Run(_ => _solution, _ => throw new ArgumentException("web and cart wait for each other\ncart and web too"));
        Assert.Equal(ExitCode.Done, await run.RunAsync("solve", "-", "-o", "json"));
        AssertJson("""{"refused": ["web and cart wait for each other", "cart and web too"]}""", JsonDocument.Parse(run.Out).RootElement.GetProperty("transition").GetRawText());
        using var text = Run(_ => _solution, _ => throw new ArgumentException("web and cart wait for each other"));
        Assert.Equal(ExitCode.Done, await text.RunAsync("solve", "-"));
        Assert.EndsWith("\nThere is no order to get there:\n  web and cart wait for each other\n", text.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_to_do()
    {
        using var run = Run(_ => new Solution { Versions = Versions(("web", "1.2.0")) }, _ => new TransitionPlan());
        Assert.Equal(ExitCode.Done, await run.RunAsync("solve", "-"));
        Assert.Equal("No service moves to another version\nStay as they are: web 1.2.0 (which also runs 1.1.5)\n", run.Out);
        using var json = Run(_ => new Solution { Versions = Versions(("web", "1.2.0")) }, _ => new TransitionPlan());
        Assert.Equal(ExitCode.Done, await json.RunAsync("solve", "-", "-o", "json"));
        AssertJson("""{"solved": true, "versions": {"web": "1.2.0"}, "changed": [], "transition": {"events": [], "waves": [], "gaps": []}}""", json.Out);
    }

    [Fact]
    public async Task Many_that_stay_are_cut_short()
    {
        var many = Versions([.. Enumerable.Range(0, 25).Select(i => ($"s{i:00}", "1.0.0"))]);
        using var run = Run(_ => new Solution { Versions = many }, _ => new TransitionPlan());
        await run.RunAsync("solve", "-");
        Assert.EndsWith("s18 1.0.0, s19 1.0.0 and 5 more (-o json has them all)\n", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nothing_fits()
    {
        var none = new NoSolution
        {
            Explanation = ["web 1.1.0 is asked for", "web 1.1.0 accepts cart >=2.0 <2.2", "cart is held at 2.2.0"],
            Core = [new("web", Of("1.1.0"), "cart", VersionRange.Parse(">=2.0 <2.2"))],
            Nearest =
            [
                new("web 1.1.0 without the hold on cart", Wishes(("web", new VersionWish(VersionRange.Parse("1.1.0")))), ["cart"]),
                new("web newest", Wishes(("web", VersionWish.Newest)), []),
            ],
        };
        using var json = Run(_ => none, _ => throw new InvalidOperationException("no way is asked for"));
        Assert.Equal(ExitCode.Failed, await json.RunAsync("solve", "-", "-o", "json"));
        Assert.Empty(json.Error);
        AssertJson(
            """
            {
              "solved": false,
              "explanation": ["web 1.1.0 is asked for", "web 1.1.0 accepts cart >=2.0 <2.2", "cart is held at 2.2.0"],
              "core": [{"service": "web", "version": "1.1.0", "needs": "cart", "range": ">=2.0 <2.2"}],
              "nearest": [
                {"text": "web 1.1.0 without the hold on cart", "request": {"web": "1.1.0"}, "without": ["cart"]},
                {"text": "web newest", "request": {"web": "newest"}, "without": []}
              ]
            }
            """,
            json.Out);

        using var text = Run(_ => none, _ => new TransitionPlan());
        Assert.Equal(ExitCode.Failed, await text.RunAsync("solve", "-"));
        Assert.Equal(
            """
            No set of versions fits:
              1. web 1.1.0 is asked for
              2. web 1.1.0 accepts cart >=2.0 <2.2
              3. cart is held at 2.2.0

            What could be had instead, nearest first:
              web 1.1.0 without the hold on cart
              web newest

            """,
            text.Out);
    }

    [Fact]
    public async Task Bad_input_is_said_and_nothing_solved()
    {
        using var folder = new TempFolder();
        var file = folder.Write("q.yaml", "releases: {web: {1.0: {}}}\nrequest: {wbe: newest}\n");
        using var run = Run(_ => throw new InvalidOperationException("not asked"), _ => throw new InvalidOperationException("not asked"));
        Assert.Equal(ExitCode.BadInput, await run.RunAsync("solve", file, "-o", "json"));
        Assert.Empty(run.Out);
        Assert.Equal(
            $"{file}:1:18: error: releases.web.1.0 must be a version such as 1.2.0 (SemVer 2); did you mean '1.0.0'?\n"
            + $"{file}:2:11: error: request names wbe, of which 'releases' has nothing; did you mean 'web'?\n"
            + $"error: {file} has 2 problems; nothing was solved\n",
            run.Error);
    }

    [Fact]
    public async Task Bad_standard_input_is_called_so()
    {
        using var run = Run(_ => _solution, _ => _plan);
        run.Typed = "{\"releases\": 1}";
        Assert.Equal(ExitCode.BadInput, await run.RunAsync("solve", "-"));
        Assert.Equal(
            "standard input:1:14: error: releases is '1', but must be a map from services to their versions\nerror: standard input has 1 problem; nothing was solved\n",
            run.Error);
    }

    [Fact]
    public async Task A_missing_file_a_folder_and_a_file_too_large_are_bad_input()
    {
        using var folder = new TempFolder();
        using var run = Run(_ => _solution, _ => _plan);
        Assert.Equal(ExitCode.BadInput, await run.RunAsync("solve", folder.In("none.yaml")));
        Assert.Equal(ExitCode.BadInput, await run.RunAsync("solve", folder.Path));
        var large = folder.In("large.yaml");
        await using (var stream = File.Create(large))
        {
            stream.SetLength((64 << 20) + 1);
        }

        Assert.Equal(ExitCode.BadInput, await run.RunAsync("solve", large));
        Assert.Equal(
            $"error: there is no file {folder.In("none.yaml")}\n"
            + $"error: {folder.Path} is a folder; name the file in it\n"
            + $"error: {large} has more than 64 MiB, which is the most that is read; leave out releases that cannot be chosen\n",
            run.Error);
    }

    [Fact]
    public async Task An_interrupt_ends_it_while_it_solves()
    {
        using var solving = new ManualResetEventSlim();
        using var end = new ManualResetEventSlim();
        using var run = Run(
            _ =>
            {
                solving.Set();
                end.Wait(TimeSpan.FromSeconds(20));
                return _solution;
            },
            _ => _plan);
        var code = run.RunAsync("solve", "-");
        Assert.True(solving.Wait(TimeSpan.FromSeconds(20)));
        run.Interrupts.Raise();
        Assert.Equal(ExitCode.Interrupted, await code);
        end.Set();
        Assert.Empty(run.Out);
    }

    private static CliRun Run(Func<SolveQuestion, SolveAnswer> solve, Func<TransitionQuestion, TransitionPlan> plan)
    {
        var run = new CliRun { Typed = Question };
        run.Rooms = run.Rooms with { Solve = solve, Plan = plan };
        return run;
    }

    private static void AssertJson(string expected, string actual) =>
        Assert.Equal(Indented(expected), Indented(actual));

    private static string Indented(string json) => JsonSerializer.Serialize(JsonDocument.Parse(json).RootElement, new JsonSerializerOptions { WriteIndented = true });

    private static string Spelled(Side side) =>
        $"{side.Service} {side.Version} [{string.Join(", ", side.Needs.Select(need => $"{need.Service} {need.Range}"))}]{(side.Pet ? " pet" : "")}{(side.Whole ? "" : " part")}";

    private static ReleaseVersion Of(string version) => ReleaseVersion.Parse(version);

    private static ImmutableSortedDictionary<string, ReleaseVersion> Versions(params (string Service, string Version)[] versions) =>
        versions.ToImmutableSortedDictionary(version => version.Service, version => Of(version.Version), StringComparer.Ordinal);

    private static ImmutableSortedDictionary<string, VersionWish> Wishes(params (string Service, VersionWish Wish)[] wishes) =>
        wishes.ToImmutableSortedDictionary(wish => wish.Service, wish => wish.Wish, StringComparer.Ordinal);
}
