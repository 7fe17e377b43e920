using System.Diagnostics;
using System.Globalization;
using Tutti.Decisions.Versions.Solving;

namespace Tutti.Bench;

/// <summary>The version solver on random catalogues. Arguments: [runs].</summary>
internal sealed class SolveBenchmark : IBenchmark
{
    private static readonly (int Services, int Releases, int Dependencies)[] _shapes = [(200, 20, 3), (1_000, 20, 3), (1_000, 50, 5), (5_000, 50, 5)];

    private static readonly (string Name, Func<SolveCatalogues, SolveQuestion> Ask)[] _cases =
    [
        ("few have to change", catalogues => catalogues.AlignedFew()),
        ("many have to change", catalogues => catalogues.AlignedMany()),
        ("many have to, one is held", catalogues => catalogues.AlignedHeld()),
        ("scattered, wide ranges", catalogues => catalogues.Scattered(0.9)),
        ("scattered, narrower ranges", catalogues => catalogues.Scattered(0.85)),
        ("the newest of everything", catalogues => catalogues.AlignedNewest()),
    ];

    public string Name => "solve";

    public string Description => "version sets solved to the proven optimum, or explained, on random catalogues of up to 5,000 services with 50 releases and 5 dependencies each";

    public Task RunAsync(string[] args)
    {
        var runs = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 3;
        VersionSolver.Solve(new SolveCatalogues(200, 20, 3, seed: 0).AlignedMany());
        var table = new ResultTable("catalogue", "request", "ms, median", "slowest", "changed", "ranges in the core", "touched", "conflicts", "allocated MiB");
        foreach (var (services, releases, dependencies) in _shapes)
        {
            foreach (var (name, ask) in _cases)
            {
                var results = Enumerable.Range(1, runs).Select(seed => Measure(ask(new SolveCatalogues(services, releases, dependencies, seed)))).OrderBy(r => r.Milliseconds).ToArray();
                var median = results[runs / 2];
                table.Add(
                    $"{services}x{releases}x{dependencies}",
                    name,
                    median.Milliseconds,
                    results[^1].Milliseconds,
                    Range(results.Select(r => r.Answer is Solution solution ? solution.Changed.Length : -1)),
                    Range(results.Select(r => r.Answer is NoSolution none ? none.Core.Length : -1)),
                    median.Effort.Touched,
                    median.Effort.Conflicts,
                    median.AllocatedBytes / 1048576.0);
            }
        }

        table.Print();
        Console.WriteLine();
        Console.WriteLine($"{runs} catalogues for each row, each solved three times, the fastest taken. Peak resident: {Process.GetCurrentProcess().PeakWorkingSet64 / 1048576.0:N0} MiB.");
        return Task.CompletedTask;
    }

    // The catalogue is there already; sorting it and reading its ranges is part of what is measured.
    private static Result Measure(SolveQuestion question)
    {
        Result? best = null;
        for (var again = 0; again < 3; again++)
        {
            GC.Collect();
            var before = GC.GetAllocatedBytesForCurrentThread();
            var clock = Stopwatch.StartNew();
            var answer = VersionSolver.Solve(question, out var effort);
            var milliseconds = clock.Elapsed.TotalMilliseconds;
            if (best is null || milliseconds < best.Milliseconds)
            {
                best = new Result(milliseconds, GC.GetAllocatedBytesForCurrentThread() - before, answer, effort);
            }
        }

        return best!;
    }

    private static string Range(IEnumerable<int> counts)
    {
        var known = counts.Where(count => count >= 0).Order().ToArray();
        return known.Length == 0 ? "" : known[0] == known[^1] ? $"{known[0]}" : $"{known[0]} to {known[^1]}";
    }

    private sealed record Result(double Milliseconds, long AllocatedBytes, SolveAnswer Answer, SolveEffort Effort);
}
