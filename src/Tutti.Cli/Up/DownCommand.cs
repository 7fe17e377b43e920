using Tutti.Cli.Client;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Output;
using Tutti.Cli.Serving;
using Tutti.Server.Api;

namespace Tutti.Cli.Up;

internal sealed class DownCommand : TuttiCommand
{
    private static readonly TimeSpan _betweenLooks = TimeSpan.FromMilliseconds(100);

    public DownCommand()
        : base("down", "End the 'tutti up' of a data folder, with every service it runs")
    {
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("tutti down", "end what runs on ~/.tutti; also cleans up after a killed one"),
        new("tutti down --data /tmp/b", "end what runs on another data folder"),
    ];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var folder = invocation.DataFolder;
        if (FolderLock.HolderOf(folder) is not { } holder)
        {
            return await CleanAsync(invocation, folder, cancellation);
        }

        if (holder.Pid == 0)
        {
            throw CliException.Failed($"the data folder {folder} was taken just now; try again");
        }

        invocation.Terminal.Out.WriteLine($"ending tutti {holder.Mode}, pid {holder.Pid}");
        ProcessSignals.Terminate(holder.Pid);
        await WaitAsync(invocation, folder, cancellation);
        invocation.Terminal.Out.WriteLine($"tutti {holder.Mode} has ended");
        return FolderLock.HolderOf(AgentCommand.FolderIn(folder)) is null ? await CleanAsync(invocation, folder, cancellation, quiet: true) : ExitCode.Done;
    }

    /// <summary>Stops what a killed <c>up</c> left behind.</summary>
    private static async Task<int> CleanAsync(Invocation invocation, string folder, CancellationToken cancellation, bool quiet = false)
    {
        var agentFolder = AgentCommand.FolderIn(folder);
        if (FolderLock.HolderOf(agentFolder) is { } agent)
        {
            throw CliException.Failed($"tutti {agent.Mode}, pid {agent.Pid}, still runs on {agentFolder}; end it first (kill {agent.Pid})");
        }

        var stopped = Directory.Exists(agentFolder) ? await invocation.Rooms.Serving.StopAllAsync(agentFolder, atOnce: false, cancellation) : 0;
        var record = ServerRecord.Read(folder);
        ServerRecord.Remove(folder);
        if (stopped > 0)
        {
            var who = record is null ? "an earlier one" : $"tutti {record.Mode}, pid {record.Pid}, which was killed,";
            invocation.Terminal.Out.WriteLine($"{who} had left {Words.Count(stopped, "instance")} running; stopped");
        }
        else if (!quiet)
        {
            invocation.Terminal.Out.WriteLine($"nothing runs on {folder}");
        }

        return ExitCode.Done;
    }

    /// <summary>Waits until the folder is free, and says how many instances are left.</summary>
    private static async Task WaitAsync(Invocation invocation, string folder, CancellationToken cancellation)
    {
        var said = -1;
        while (FolderLock.HolderOf(folder) is not null)
        {
            if (await CountAsync(invocation, folder, cancellation) is { } left && left != said)
            {
                said = left;
                invocation.Terminal.Out.WriteLine($"{invocation.Terminal.TimeOfDay(invocation.Terminal.Clock.GetUtcNow())} {Words.Count(left, "instance")} left");
                invocation.Terminal.Out.Flush();
            }

            await Task.Delay(_betweenLooks, invocation.Terminal.Clock, cancellation);
        }
    }

    private static async Task<int?> CountAsync(Invocation invocation, string folder, CancellationToken cancellation)
    {
        try
        {
            using var api = ServerLocator.Connect(named: null, folder, invocation.Author);
            return (await api.GetAsync<InstanceDocument[]>(Routes.Instances(architecture: null), cancellation)).Length;
        }
        catch (CliException)
        {
            return null; // It ends: that it no longer answers is what is waited for.
        }
    }
}
