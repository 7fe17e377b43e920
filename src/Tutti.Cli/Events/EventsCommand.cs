using System.CommandLine;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Tutti.Cli.Client;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Output;
using Tutti.Control.State;
using Tutti.Model;

namespace Tutti.Cli.Events;

internal sealed class EventsCommand : TuttiCommand
{
    private static readonly TimeSpan _beforeReconnect = TimeSpan.FromSeconds(1);

    private readonly Option<string?> _architecture = SharedOptions.Architecture();
    private readonly Option<string?> _service = new("--service", "-s") { Description = "Only this service", HelpName = "NAME" };
    private readonly Option<int> _limit = new("--limit") { Description = "How many of the newest", HelpName = "N", DefaultValueFactory = _ => 100 };
    private readonly Option<bool> _follow = new("--follow", "-f") { Description = "Go on as they happen, until Ctrl-C" };

    public EventsCommand()
        : base("events", "Show the journal: what happened, when and why")
    {
        Add(_architecture);
        Add(_service);
        Add(_limit);
        Add(_follow);
        Add(SharedOptions.Output());
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("tutti events", "the newest events"),
        new("tutti events -f -s web", "what happens to web from now on"),
        new("tutti events -f -o json", "one JSON document a line, for programs"),
    ];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var (architecture, service) = (invocation.Get(_architecture), invocation.Get(_service));
        var limit = invocation.Get(_limit);
        if (limit < 1)
        {
            throw CliException.BadInput($"--limit {limit}: give a number from 1");
        }

        using var api = invocation.Connect();
        var events = await api.GetAsync<Event[]>(Routes.Events(architecture, service, after: null, limit), cancellation);
        if (!invocation.Get(_follow))
        {
            return EventTable.Print(invocation, events, "nothing has happened yet");
        }

        foreach (var one in events)
        {
            PrintLine(invocation, one);
        }

        var last = events.Length == 0 ? 0 : events[^1].Sequence;
        await FollowAsync(invocation, api, architecture, service, last, cancellation);
        return ExitCode.Done;
    }

    private static async Task FollowAsync(
        Invocation invocation, ApiClient api, string? architecture, string? service, long last, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                using var response = await api.OpenAsync(Routes.Events(architecture, service, last, limit: null), "text/event-stream", cancellation);
                await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
                await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellation))
                {
                    if (JsonSerializer.Deserialize<Event>(item.Data, TuttiJson.Options) is { } one && one.Sequence > last)
                    {
                        PrintLine(invocation, one);
                        last = one.Sequence;
                    }
                }
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception lost) when (lost is IOException or HttpRequestException)
            {
                invocation.Terminal.Error.WriteLine($"the connection to {api.Server} was lost ({lost.Message}); trying again");
            }

            // A watch that fell behind is ended by the server; the next one resumes after the last event that was seen.
            await Task.Delay(_beforeReconnect, invocation.Terminal.Clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static void PrintLine(Invocation invocation, Event one)
    {
        var line = invocation.Json ? JsonSerializer.Serialize(one, TuttiJson.Options) : EventTable.Line(one, invocation.Terminal);
        invocation.Terminal.Out.WriteLine(line);
        invocation.Terminal.Out.Flush();
    }
}
