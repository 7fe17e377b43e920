using Spectre.Console;
using Spectre.Console.Rendering;
using Tutti.Cli.Output;
using Tutti.Cli.Services;
using Tutti.Cli.Transitions;
using Tutti.Server.Api;

namespace Tutti.Cli.Operations;

/// <summary>Shows the way to a version set, services, waves and traffic: tables that are redrawn on a terminal, lines elsewhere.</summary>
internal static class ProgressView
{
    public static Task<SetOutcome> ShowAsync(Terminal terminal, SetWait wait, CancellationToken cancellation) =>
        terminal.Live ? ShowLiveAsync(terminal, wait, cancellation) : ShowLinesAsync(terminal, wait, cancellation);

    /// <summary>What a terminal shows of one look.</summary>
    internal static IRenderable Picture(SetLook look) => new Rows([Table(look.Services), .. WavePicture.Of(look.Transition)]);

    private static Task<SetOutcome> ShowLinesAsync(Terminal terminal, SetWait wait, CancellationToken cancellation)
    {
        var (services, waves) = (new ProgressLines(terminal), new WaveLines(terminal));
        return wait.RunAsync(
            look =>
            {
                services.Show(look.Services);
                waves.Show(look.Transition);
            },
            cancellation);
    }

    private static Task<SetOutcome> ShowLiveAsync(Terminal terminal, SetWait wait, CancellationToken cancellation) =>
        terminal.ConsoleOver(terminal.Out)
            .Live(Table([]))
            .StartAsync(live => wait.RunAsync(look => live.UpdateTarget(Picture(look)), cancellation));

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
