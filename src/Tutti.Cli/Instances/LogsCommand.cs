using System.CommandLine;
using Tutti.Cli.Client;
using Tutti.Cli.CommandLine;
using Tutti.Server.Api;

namespace Tutti.Cli.Instances;

internal sealed class LogsCommand : TuttiCommand
{
    private static readonly TimeSpan _betweenLooks = TimeSpan.FromSeconds(1);

    private readonly Argument<string> _name = new("NAME") { Description = "An instance's id, or a service: all its instances" };
    private readonly Option<string?> _architecture = SharedOptions.Architecture();
    private readonly Option<bool> _follow = new("--follow", "-f") { Description = "Go on as lines are written, until Ctrl-C" };
    private readonly Option<int> _tail = new("--tail") { Description = "How many of the last lines", HelpName = "N", DefaultValueFactory = _ => 100 };

    public LogsCommand()
        : base("logs", "Show what an instance, or every instance of a service, has written")
    {
        Add(_name);
        Add(_architecture);
        Add(_follow);
        Add(_tail);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("tutti logs web", "the last 100 lines of every instance of web"),
        new("tutti logs web -f", "and what they write from now on, replacements included"),
        new("tutti logs web-3f2a --tail 20", "the last 20 lines of one instance"),
    ];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        if (invocation.Get(_tail) < 0)
        {
            throw CliException.BadInput($"--tail {invocation.Get(_tail)}: give a number from 0");
        }

        using var api = invocation.Connect();
        var chosen = await ChooseAsync(invocation, api, cancellation);
        var source = new LogSource(api, invocation.Terminal, invocation.Get(_tail), invocation.Get(_follow));
        if (chosen.Service is null)
        {
            await source.CopyAsync(chosen.Instances[0], prefix: "", cancellation);
            return ExitCode.Done;
        }

        return invocation.Get(_follow)
            ? await FollowServiceAsync(invocation, api, source, chosen, cancellation)
            : await PrintServiceAsync(source, chosen, cancellation);
    }

    private static async Task<int> PrintServiceAsync(LogSource source, Chosen chosen, CancellationToken cancellation)
    {
        // One that was never started has no log, which is no reason to keep back the others'.
        var started = chosen.Instances.Where(instance => instance.Node is not null).ToArray();
        foreach (var instance in started.Length == 0 ? chosen.Instances : started)
        {
            await source.CopyAsync(instance, chosen.Instances.Count == 1 ? "" : $"{instance.Id} | ", cancellation);
        }

        return ExitCode.Done;
    }

    /// <summary>Looks again and again for instances that have come since, so that a replacement is followed too.</summary>
    private static async Task<int> FollowServiceAsync(
        Invocation invocation, ApiClient api, LogSource source, Chosen chosen, CancellationToken cancellation)
    {
        var followed = new Dictionary<string, Task>(StringComparer.Ordinal);
        IReadOnlyList<InstanceDocument> instances = chosen.Instances;
        try
        {
            while (true)
            {
                foreach (var instance in instances.Where(instance => instance.Pid is not null && !followed.ContainsKey(instance.Id)))
                {
                    followed.Add(instance.Id, source.CopyAsync(instance, $"{instance.Id} | ", cancellation));
                }

                await Task.Delay(_betweenLooks, invocation.Terminal.Clock, cancellation);
                await Task.WhenAll(followed.Values.Where(task => task.IsFaulted));
                instances = await api.GetAsync<InstanceDocument[]>(Routes.Instances(chosen.Architecture, chosen.Service), cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await Task.WhenAll(followed.Values);
            return ExitCode.Done;
        }
    }

    private async Task<Chosen> ChooseAsync(Invocation invocation, ApiClient api, CancellationToken cancellation)
    {
        var name = invocation.Get(_name);
        var all = await api.GetAsync<InstanceDocument[]>(Routes.Instances(invocation.Get(_architecture)), cancellation);
        var byId = all.Where(instance => instance.Id == name).ToArray();
        var found = byId.Length > 0 ? byId : [.. all.Where(instance => instance.Service == name).OrderBy(one => one.Id, StringComparer.Ordinal)];
        if (found.Length == 0)
        {
            var nearest = Spelling.Nearest(name, all.SelectMany(instance => new[] { instance.Id, instance.Service }));
            throw CliException.BadInput(
                $"no instance runs that is named '{name}', nor one of a service of this name"
                + (nearest is null ? "; see 'tutti instances'" : $"; did you mean '{nearest}'?"));
        }

        var architectures = found.Select(instance => instance.Architecture).Distinct().Order(StringComparer.Ordinal).ToArray();
        return architectures.Length == 1
            ? new Chosen(architectures[0], byId.Length > 0 ? null : name, found)
            : throw CliException.BadInput($"'{name}' is in several architectures ({string.Join(", ", architectures)}); say which with --architecture NAME");
    }

    private sealed record Chosen(string Architecture, string? Service, IReadOnlyList<InstanceDocument> Instances);
}
