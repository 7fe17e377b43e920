using Spectre.Console;
using Tutti.Cli.Output;
using Tutti.Cli.Services;
using Tutti.Server.Api;

namespace Tutti.Cli.Operations;

/// <summary>Shows the way to a version set: a table that is redrawn on a terminal, lines elsewhere.</summary>
internal static class ProgressView
{
    public static Task<SetOutcome> ShowAsync(Terminal terminal, SetWait wait, CancellationToken cancellation) =>
        terminal.Live
            ? ShowLiveAsync(terminal, wait, cancellation)
            : wait.RunAsync(new ProgressLines(terminal).Show, cancellation);

    private static Task<SetOutcome> ShowLiveAsync(Terminal terminal, SetWait wait, CancellationToken cancellation) =>
        terminal.ConsoleOver(terminal.Out)
            .Live(Table([]))
            .StartAsync(live => wait.RunAsync(services => live.UpdateTarget(Table(services)), cancellation));

    private static Table Table(IReadOnlyList<ServiceDocument> services)
    {
        var table = new TextTable("SERVICE", "VERSION", "STATUS", "INSTANCES", "NOTE");
        foreach (var service in services)
        {
            table.Add(
                service.Service,
                ServiceWords.Version(service),
                ServiceWords.Status(service),
                service.External is null ? $"{service.Healthy}/{service.Desired}" : "-",
                ServiceWords.Note(service));
        }

        return table.ToRenderable();
    }
}
