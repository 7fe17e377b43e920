using Tutti.Cli.Apply;
using Tutti.Cli.Client;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Manifest;
using Tutti.Cli.Operations;
using Tutti.Cli.Output;
using Tutti.Cli.Serving;
using Tutti.Node.Agent;
using Tutti.Server;
using Tutti.Server.Api;

namespace Tutti.Cli.Up;

/// <summary>One <c>up</c> from its start to its end.</summary>
internal sealed class UpRun(Invocation invocation, ServerOptions options, UpRequest request)
{
    private static readonly TimeSpan _betweenLooks = TimeSpan.FromSeconds(2);

    private readonly Terminal _terminal = invocation.Terminal;
    private readonly string _agentFolder = AgentCommand.FolderIn(options.DataFolder);

    public async Task<int> RunAsync(CancellationToken asked)
    {
        var manifest = ManifestFile.ReadValid(request.File, invocation.Rooms, _terminal);
        using var folder = FolderLock.Acquire(options.DataFolder, "up");
        using var agentFolder = FolderLock.Acquire(_agentFolder, "up");
        await new ArtifactBuilds(_terminal).MakeAsync(manifest, request.Build, asked);
        var (code, clean) = await ServeAsync(manifest, asked);
        if (!clean)
        {
            var stopped = await invocation.Rooms.Serving.StopAllAsync(_agentFolder, atOnce: true, CancellationToken.None);
            _terminal.Error.WriteLine($"{Words.Count(stopped, "instance")} stopped at once");
        }

        return code;
    }

    /// <summary>Runs server and agent until asked to end. Not clean: what the agent left running is to be stopped at once.</summary>
    private async Task<(int Code, bool Clean)> ServeAsync(ManifestFile manifest, CancellationToken asked)
    {
        var serving = invocation.Rooms.Serving;
        await using var server = await RecordedServer.StartAsync(serving, options, "up", _terminal.Clock, asked);
        await using var agent = await serving.StartAgentAsync(
            new AgentOptions
            {
                DataFolder = _agentFolder,
                Server = server.Running.Url,
                Token = server.Running.Token,
                RouteAnyVersion = AgentSettings.RouteAnyVersion(_terminal),
            },
            asked);
        using var api = new ApiClient(new Uri(server.Running.Url), server.Running.Token, invocation.Author, $"the server at {server.Running.Url} does not answer");
        var code = ExitCode.Done;
        try
        {
            code = await StartUpAsync(manifest, server.Running, api, asked);
            await StayAsync(manifest, api, [server.Running.Completion, agent.Completion], asked);
        }
        catch (OperationCanceledException) when (asked.IsCancellationRequested)
        {
            code = ExitCode.Interrupted;
        }
        catch (CliException) when (!asked.IsCancellationRequested)
        {
            await TellWhatStaysAsync(api);
            throw;
        }

        var down = await new Takedown(api, _terminal).RunAsync(invocation.Interrupts.Second);
        return (down ? code : ExitCode.Failed, down);
    }

    private async Task<int> StartUpAsync(ManifestFile manifest, IRunningServer server, ApiClient api, CancellationToken asked)
    {
        var change = await ManifestRequest.ApplyAsync(invocation, api, manifest, request.Wish, asked);
        var (name, set) = (change.Architecture ?? manifest.Spec!.Name, change.Set ?? 0);
        var outcome = await ProgressView.ShowAsync(_terminal, new SetWait(api, _terminal, name, set), asked);
        var code = outcome.Report(_terminal, name, set);
        _terminal.Out.WriteLine($"server {server.Url}, dns {server.Dns ?? "off"}, data {options.DataFolder}");
        if (request.Background)
        {
            BackgroundUp.TellOutcome(options.DataFolder, code);
        }
        else
        {
            _terminal.Out.WriteLine("Ctrl-C takes everything down");
        }

        _terminal.Out.Flush();
        return code;
    }

    /// <summary>Goes on showing what changes, until asked to end.</summary>
    private async Task StayAsync(ManifestFile manifest, ApiClient api, Task[] completions, CancellationToken asked)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(asked);
        var watching = WatchAsync(manifest.Spec!.Name, api, ended.Token);
        try
        {
            await Lifetime.WaitAsync(asked, [watching, .. completions]);
        }
        finally
        {
            await ended.CancelAsync();
            await ((Task)watching).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task WatchAsync(string architecture, ApiClient api, CancellationToken cancellation)
    {
        var lines = new ProgressLines(_terminal);
        while (true)
        {
            try
            {
                lines.Show(await api.GetAsync<ServiceDocument[]>(Routes.Services(architecture), cancellation));
            }
            catch (CliException missed)
            {
                // One missed look is no reason to end: whether the server still runs is watched beside this.
                _terminal.Error.WriteLine($"{_terminal.TimeOfDay(_terminal.Clock.GetUtcNow())} {missed.Message}");
            }

            await Task.Delay(_betweenLooks, _terminal.Clock, cancellation);
        }
    }

    private async Task TellWhatStaysAsync(ApiClient api)
    {
        try
        {
            var instances = await api.GetAsync<InstanceDocument[]>(Routes.Instances(architecture: null), CancellationToken.None);
            if (instances.Any(instance => instance.Pid is not null))
            {
                _terminal.Error.WriteLine(
                    $"{Words.Count(instances.Length, "instance")} keep running; the next 'tutti up' takes them over, 'tutti down' ends them");
            }
        }
        catch (CliException silent)
        {
            // The failure that is on its way to the person comes first; this only says what could not be found out.
            _terminal.Error.WriteLine($"instances may keep running ({silent.Message}); the next 'tutti up' takes them over, 'tutti down' ends them");
        }
    }
}
