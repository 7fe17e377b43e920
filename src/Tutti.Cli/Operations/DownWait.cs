using Tutti.Cli.Client;
using Tutti.Cli.Output;
using Tutti.Model.Lifecycle;
using Tutti.Server.Api;

namespace Tutti.Cli.Operations;

/// <summary>Waits until nothing of an architecture runs any more, or of any.</summary>
/// <param name="api">Asked.</param>
/// <param name="terminal">Shows how far it is.</param>
/// <param name="architecture">Null: all of them.</param>
internal sealed class DownWait(ApiClient api, Terminal terminal, string? architecture)
{
    private static readonly TimeSpan _betweenLooks = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _longestStandstill = TimeSpan.FromSeconds(90);

    /// <summary>True: nothing runs any more. False: what is left, which was named, has not moved for 90 s.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        var before = "";
        var since = terminal.Clock.GetTimestamp();
        while (true)
        {
            var instances = await api.GetAsync<InstanceDocument[]>(Routes.Instances(architecture), cancellation);
            var left = instances.Where(instance => instance.Phase != InstancePhase.Failed).ToArray();
            if (left.Length == 0)
            {
                terminal.Out.WriteLine($"{architecture ?? "everything"} is down");
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

            await Task.Delay(_betweenLooks, terminal.Clock, cancellation);
        }
    }
}
