using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Tests.Fakes;
using Tutti.Model;

namespace Tutti.Cli.Tests.Events;

public sealed class EventsTests
{
    [Fact]
    public async Task Following_resumes_after_the_last_event_when_the_watch_is_ended()
    {
        await using var server = (await FakeServer.StartAsync()).WithDocuments();
        server.On("GET /api/events?after=41", (context, _) => WatchAsync(context, 41, 42));
        server.On("GET /api/events?after=42", (context, _) => WatchAsync(context, 43));
        server.On("GET /api/events?after=43", async (context, _) => await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }));
        using var run = new CliRun();
        var running = run.RunAsync("events", "-f", "-o", "json", "--server", server.Url);
        await CliRun.UntilAsync(() => server.Calls.Contains("GET /api/events?after=43"), "the second watch has ended");
        run.Interrupts.Raise();
        Assert.Equal(ExitCode.Done, await running);
        var sequences = run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("sequence").GetInt64());
        Assert.Equal([40, 41, 42, 43], sequences);
    }

    [Fact]
    public async Task Followed_events_are_lines()
    {
        await using var server = (await FakeServer.StartAsync()).WithDocuments();
        server.On("GET /api/events?after=41", (context, _) => WatchAsync(context, 42));
        using var run = new CliRun();
        var running = run.RunAsync("events", "-f", "--server", server.Url);
        const string Line = "11:55:00 web Ready → Run (2 of 2 pass their health check)\n";
        await CliRun.UntilAsync(() => run.Out == Line + Line + Line, "three lines are there");
        run.Interrupts.Raise();
        Assert.Equal(ExitCode.Done, await running);
    }

    [Fact]
    public async Task Filters_are_passed_on()
    {
        await using var server = (await FakeServer.StartAsync()).WithDocuments();
        await CliRun.AgainstAsync(server, "events", "-a", "shop", "-s", "web", "--limit", "7");
        Assert.Equal("GET /api/events?architecture=shop&service=web&limit=7", server.Calls.Single());
    }

    private static async Task WatchAsync(HttpContext context, params long[] sequences)
    {
        Assert.Equal("text/event-stream", context.Request.Headers.Accept.ToString());
        context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync(": here\n\n");
        foreach (var sequence in sequences)
        {
            var data = JsonSerializer.Serialize(Documents.Event(sequence), TuttiJson.Options);
            await context.Response.WriteAsync($"id: {sequence}\nevent: event\ndata: {data}\n\n");
        }
    }
}
