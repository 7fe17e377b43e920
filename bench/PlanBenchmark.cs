using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Tutti.Decisions.Transitions;
using Tutti.Decisions.Versions.Solving;
using Tutti.Model.Versions;

namespace Tutti.Bench;

/// <summary>Transition plans of architectures in which every service changes. Arguments: [services...].</summary>
internal sealed class PlanBenchmark : IBenchmark
{
    private const int Dependencies = 5;
    private const int Runs = 50;

    public string Name => "plan";

    public string Description => "transition plan of 1,000 changed services with 5 dependencies each: clean, mixed, with pets";

    public Task RunAsync(string[] args)
    {
        int[] sizes = args.Length > 0 ? [.. args.Select(arg => int.Parse(arg, NumberStyles.AllowThousands, CultureInfo.InvariantCulture))] : [1_000, 10_000];
        var table = new ResultTable("services", "state", "events", "waits", "gaps", "first ms", "median ms", "longest ms", "processor ms a plan");
        foreach (var size in sizes)
        {
            Measure(table, size, "clean, half accept both", Question(size, bothOf4: 2, isMixed: false, petsOf100: 0));
            Measure(table, size, "clean, none accepts both", Question(size, bothOf4: 0, isMixed: false, petsOf100: 0));
            Measure(table, size, "mixed, on to a third", Question(size, bothOf4: 2, isMixed: true, petsOf100: 0));
            Measure(table, size, "clean, 5 % pets", Question(size, bothOf4: 2, isMixed: false, petsOf100: 5));
            Measure(table, size, "clean, 5 % pets, none accepts both", Question(size, bothOf4: 0, isMixed: false, petsOf100: 5));
        }

        table.Print();
        return Task.CompletedTask;
    }

    private static void Measure(ResultTable table, int size, string state, TransitionQuestion question)
    {
        var clock = Stopwatch.StartNew();
        var plan = TransitionPlanner.Plan(question);
        var first = clock.Elapsed;
        var latencies = new Latencies();
        var used = Process.GetCurrentProcess().TotalProcessorTime;
        for (var run = 0; run < Runs; run++)
        {
            clock.Restart();
            plan = TransitionPlanner.Plan(question);
            latencies.Add(clock.Elapsed);
        }

        used = Process.GetCurrentProcess().TotalProcessorTime - used;
        Verify(plan, size);
        table.Add(size, state, plan.Events.Length, plan.Events.Sum(one => one.After.Length), plan.Gaps.Length, first.TotalMilliseconds, latencies.Quantile(0.5), latencies.Quantile(1), used.TotalMilliseconds / Runs);
    }

    /// <summary>Every service goes from 1.0.0 to 2.0.0, or, mixed, from both to 3.0.0, and needs five of the hundred before it.</summary>
    private static TransitionQuestion Question(int size, int bothOf4, bool isMixed, int petsOf100)
    {
        var random = new Random(7);
        var (live, target) = (ImmutableArray.CreateBuilder<Side>(), ImmutableArray.CreateBuilder<Side>());
        for (var service = 0; service < size; service++)
        {
            var providers = Enumerable.Range(Math.Max(0, service - 100), Math.Min(service, 100)).ToArray();
            random.Shuffle(providers);
            var isPet = random.Next(100) < petsOf100;
            live.Add(Release(1, 2));
            if (isMixed)
            {
                live.Add(Release(2, 3) with { Whole = random.Next(2) == 0 });
            }

            target.Add(isMixed ? Release(3, 2) : Release(2, 1));

            Side Release(int version, int other) => new()
            {
                Service = $"service-{service:D5}",
                Version = ReleaseVersion.Parse($"{version}.0.0"),
                Needs = [.. providers.Take(Dependencies).Select(provider => new Need($"service-{provider:D5}", VersionRange.Parse(random.Next(4) < bothOf4 ? $"^{version} || ^{other}" : $"^{version}")))],
                Pet = isPet,
                Instances = isPet ? 1 : 3,
            };
        }

        return new TransitionQuestion { Live = live.ToImmutable(), Target = target.ToImmutable() };
    }

    /// <summary>A fast plan that leaves services out, or waits for what comes later, would be no use.</summary>
    private static void Verify(TransitionPlan plan, int size)
    {
        var started = plan.Events.Where(one => one.Kind == TransitionEventKind.Start).Select(one => one.Service).Distinct().Count();
        var isOrdered = plan.Events.Select((one, index) => one.After.All(wait => wait.Event < index)).All(before => before);
        if (started != size || !isOrdered)
        {
            throw new InvalidOperationException($"{started} of {size} services are started{(isOrdered ? "" : ", out of order")}");
        }
    }
}
