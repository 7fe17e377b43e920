using System.Diagnostics;
using System.Globalization;

namespace Tutti.Bench;

/// <summary>Memory and processor time of Tutti beside the running sample. Arguments: [seconds].</summary>
internal sealed class IdleBenchmark : IBenchmark
{
    private static readonly TimeSpan _warmUp = TimeSpan.FromSeconds(30);

    public string Name => "idle";

    public string Description => "memory and processor time of server and agent with the sample running, with and without its load";

    public async Task RunAsync(string[] args)
    {
        var duration = TimeSpan.FromSeconds(args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 60);
        using var folder = new BenchFolder("idle");
        await Sample.PublishAsync(folder.Path);
        var manifest = folder.File("architecture.yaml");
        File.Copy(Path.Combine(Sample.Repository, "samples", "shop", "architecture.yaml"), manifest);
        var table = new ResultTable("what", "resident MiB", "proportional MiB", "% of a core");
        await TogetherAsync(folder.File("together"), manifest, duration, table);
        await ApartAsync(folder.File("apart"), manifest, duration, table);
        table.Print();
    }

    private static async Task TogetherAsync(string data, string manifest, TimeSpan duration, ResultTable table)
    {
        await using var tutti = await TuttiProcess.StartAsync(data, "up", manifest, "--listen", "127.0.0.1:0", "--dns", "127.0.0.1:0");
        await Task.Delay(_warmUp);
        await MeasureAsync(duration, table, ("tutti up, the shopper buying", tutti.Pid));
        await StopLoadAsync(data);
        await MeasureAsync(duration, table, ("tutti up, no load", tutti.Pid));
    }

    private static async Task ApartAsync(string data, string manifest, TimeSpan duration, ResultTable table)
    {
        await using var server = await TuttiProcess.StartAsync(data, "server", "--listen", "127.0.0.1:0", "--dns", "127.0.0.1:0");
        await using var agent = await TuttiProcess.StartAsync(data, "agent");
        await TuttiProcess.RunAsync(data, "apply", manifest);
        await Task.Delay(_warmUp);
        await MeasureAsync(duration, table, ("tutti server, the shopper buying", server.Pid), ("tutti agent, the shopper buying", agent.Pid));
        await StopLoadAsync(data);
        await MeasureAsync(duration, table, ("tutti server, no load", server.Pid), ("tutti agent, no load", agent.Pid));
        await TuttiProcess.RunAsync(data, "destroy", "--yes");
    }

    private static async Task StopLoadAsync(string data)
    {
        await TuttiProcess.RunAsync(data, "scale", "shopper", "0");
        await Task.Delay(TimeSpan.FromSeconds(5));
    }

    private static async Task MeasureAsync(TimeSpan duration, ResultTable table, params (string What, int Pid)[] processes)
    {
        var clock = Stopwatch.StartNew();
        var before = processes.Select(process => ProcessUse.Of(process.Pid)).ToList();
        await Task.Delay(duration);
        var after = processes.Select(process => ProcessUse.Of(process.Pid)).ToList();
        var seconds = clock.Elapsed.TotalSeconds;
        for (var i = 0; i < processes.Length; i++)
        {
            table.Add(
                processes[i].What,
                after[i].Resident / 1048576.0,
                after[i].Proportional / 1048576.0,
                (after[i].Processor - before[i].Processor).TotalSeconds / seconds * 100);
        }
    }
}
