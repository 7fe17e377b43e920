using Spectre.Console;

namespace Tutti.Cli.Output;

/// <summary>Where the program reads and writes: data to <see cref="Out"/>, everything else to <see cref="Error"/>.</summary>
internal sealed class Terminal
{
    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    public TextReader In { get; init; } = TextReader.Null;

    /// <summary>Opens standard input as bytes.</summary>
    public Func<Stream> OpenIn { get; init; } = () => Stream.Null;

    /// <summary>Whether standard output is a terminal that can redraw lines: live tables only then.</summary>
    public bool Live { get; init; }

    /// <summary>Whether colours may be used: a terminal, and no <c>NO_COLOR</c>.</summary>
    public bool Colors { get; init; }

    /// <summary>Whether somebody can be asked.</summary>
    public bool CanAsk { get; init; }

    /// <summary>Below this the terminal breaks the lines: a table squeezed further would show nothing.</summary>
    private const int NarrowestTable = 80;

    /// <summary>Columns; 0: lines are never broken.</summary>
    public int Width { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Reads an environment variable.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    public static Terminal OfProcess()
    {
        var dumb = System.Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb";
        var terminal = !Console.IsOutputRedirected && !dumb;
        return new Terminal
        {
            Out = Console.Out,
            Error = Console.Error,
            In = Console.In,
            OpenIn = Console.OpenStandardInput,
            Live = terminal,
            Colors = terminal && string.IsNullOrEmpty(System.Environment.GetEnvironmentVariable("NO_COLOR")),
            CanAsk = !Console.IsInputRedirected && !Console.IsErrorRedirected,
            Width = Console.IsOutputRedirected || Console.WindowWidth <= 0 ? 0 : Math.Max(NarrowestTable, Console.WindowWidth),
        };
    }

    /// <summary>The clock's time of day here, as lines of progress show it.</summary>
    public string TimeOfDay(DateTimeOffset time) =>
        TimeZoneInfo.ConvertTime(time, Clock.LocalTimeZone).ToString("HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Spectre's console over a writer, with this terminal's width and colours.</summary>
    public IAnsiConsole ConsoleOver(TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = Live ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = Colors ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = Live ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = Width > 0 ? Width : 10_000;
        return console;
    }
}
