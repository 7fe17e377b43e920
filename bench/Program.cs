using Tutti.Bench;
using Tutti.Bench.Upstreams;

if (args is [UpstreamBenchmark.PartArgument, ..])
{
    await BenchPart.BeAsync(args[1..]);
    return 0;
}

// Every benchmark is named here; to add one, write a class and add a line.
IBenchmark[] benchmarks =
[
    new PlaceBenchmark(),
    new CommitBenchmark(),
    new StoreBenchmark(),
    new RecoverBenchmark(),
    new PropagateBenchmark(),
    new IdleBenchmark(),
    new PlanBenchmark(),
    new UpstreamBenchmark(),
    new SolveBenchmark(),
];

if (args is [] or ["list", ..])
{
    var list = new ResultTable("name", "measures");
    foreach (var benchmark in benchmarks)
        list.Add(benchmark.Name, benchmark.Description);
    list.Print();
    Console.WriteLine();
    Console.WriteLine("Run one: dotnet run -c Release --project bench -- NAME [arguments]");
    return 0;
}

if (benchmarks.FirstOrDefault(b => b.Name == args[0]) is not { } chosen)
{
    Console.Error.WriteLine($"there is no benchmark '{args[0]}'; there are: {string.Join(", ", benchmarks.Select(b => b.Name))}");
    return 2;
}

Console.WriteLine($"`{string.Join(' ', ["dotnet run -c Release --project bench --", .. args])}`");
Console.WriteLine();
Console.WriteLine(Machine.Describe());
Console.WriteLine();
await chosen.RunAsync(args[1..]);
return 0;
