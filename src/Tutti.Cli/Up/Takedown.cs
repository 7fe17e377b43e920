using Tutti.Cli.Client;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Output;
using Tutti.Model.Lifecycle;
using Tutti.Server.Api;

namespace Tutti.Cli.Up;

/// <summary>Takes every architecture of a server down and waits until nothing runs.</summary>
internal sealed class Takedown(ApiClient api, Terminal terminal)
{
    private static readonly TimeSpan _betweenLooks = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _longestStandstill = TimeSpan.FromSeconds(90);

    /// <summary>True: nothing runs any more. False: asked to hurry, or it does not get on; what runs is to be stopped at once.</summary>
    public async Task<bool> RunAsync(CancellationToken hurry)
    {
        terminal.Out.WriteLine("taking everything down; Ctrl-C again stops it at once");
        terminal.Out.Flush();
        try
        {
            foreach (var architecture in await api.GetAsync<ArchitectureDocument[]>(Routes.Architectures, hurry))
            {
                await api.DeleteAsync(Routes.Architecture(architecture.Name), hurry);
            }

            return await WaitAsync(hurry);
        }
        catch (OperationCanceledException) when (hurry.IsCancellationRequested)
        {
            return false;
        }
        catch (CliException refused)
        {
            terminal.Error.WriteLine($"cannot take everything down in order: {refused.Message}");
            return false;
        }
    }

    private async Task<bool> WaitAsync(CancellationToken hurry)
    {
        var before = "";
        var since = terminal.Clock.GetTimestamp();
        while (true)
        {
            var instances = await api.GetAsync<InstanceDocument[]>(Routes.Instances(architecture: null), hurry);
            var left = instances.Where(instance => instance.Phase != InstancePhase.Failed).ToArray();
            if (left.Length == 0)
            {
                terminal.Out.WriteLine("everything is down");
                return true;
            }

            var now = string.Join(' ', left.Select(instance => $"{instance.Id}:{instance.Phase}").Order(StringComparer.Ordinal));
            if (now != before)
            {
                (before, since) = (now, terminal.Clock.GetTimestamp());
                terminal.Out.WriteLine($"{terminal.TimeOfDay(terminal.Clock.GetUtcNow())} {Words.Count(left.Length, "instance")} left");
                terminal.Out.Flush();
            }
            else if (terminal.Clock.GetElapsedTime(since) > _longestStandstill)
            {
                terminal.Error.WriteLine($"{Words.Count(left.Length, "instance")} did not stop: {string.Join(", ", left.Select(one => one.Id))}");
                return false;
            }

            await Task.Delay(_betweenLooks, terminal.Clock, hurry);
        }
    }
}
