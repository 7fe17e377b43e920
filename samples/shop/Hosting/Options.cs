using System.Globalization;

namespace Shop.Hosting;

/// <summary>What to be, from the command line and, where an argument is not given, from the environment.</summary>
internal sealed record Options
{
    /// <summary>Shown with a wrong argument.</summary>
    public const string Usage = """
        usage: dotnet Shop.dll SERVICE --version X.Y.Z [--port N] [--listen IP] [--data DIR] [--rate N]
                               [--crash] [--fail-after 5s] [--never-healthy] [--unhealthy-after 5s] [--start-delay 5s]
        environment: PORT, LISTEN, DATA, RATE, INSTANCE, RECORDS, and CART_URL, PRICING_URL, ... for what the service calls
        """;

    /// <summary>web, cart, catalog, pricing, orders, payments, ledger or shopper.</summary>
    public required string Service { get; init; }

    /// <summary>Which release's behaviour and wire format.</summary>
    public required Version Version { get; init; }

    /// <summary>Port to listen on; 0 picks a free one.</summary>
    public int Port { get; init; }

    /// <summary>Address to listen on.</summary>
    public string Listen { get; init; } = "127.0.0.1";

    /// <summary>Folder that the ledger keeps its file in.</summary>
    public string Data { get; init; } = ".";

    /// <summary>Purchases a second that the shopper makes, 1 to 1000.</summary>
    public int Rate { get; init; } = 10;

    /// <summary>Shown in statistics.</summary>
    public string Instance { get; init; } = "";

    /// <summary>Folder for the record of every process; null: none is kept.</summary>
    public string? Records { get; init; }

    /// <summary>Faults asked for.</summary>
    public Faults Faults { get; init; } = new();

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="FormatException">One is missing, unknown or malformed; the message names it.</exception>
    public static Options Read(IReadOnlyList<string> args)
    {
        if (args.Count == 0 || args[0].StartsWith('-'))
        {
            throw new FormatException("the first argument must name a service");
        }

        var options = new Options
        {
            Service = args[0],
            Version = new Version(),
            Port = Number("PORT", Environment.GetEnvironmentVariable("PORT") ?? "0", 0, 65535),
            Listen = Environment.GetEnvironmentVariable("LISTEN") ?? "127.0.0.1",
            Data = Environment.GetEnvironmentVariable("DATA") ?? ".",
            Rate = Number("RATE", Environment.GetEnvironmentVariable("RATE") ?? "10", 1, 1000),
            Instance = Environment.GetEnvironmentVariable("INSTANCE") ?? "",
            Records = Environment.GetEnvironmentVariable("RECORDS"),
        };
        for (var i = 1; i < args.Count; i++)
        {
            var value = i + 1 < args.Count ? args[i + 1] : null;
            var taken = true;
            (options, taken) = With(options, args[i], value);
            i += taken ? 1 : 0;
        }

        return options.Version.Major + options.Version.Minor > 0 ? options : throw new FormatException("--version X.Y.Z is missing");
    }

    private static (Options Options, bool TookValue) With(Options options, string name, string? value)
    {
        string Value() => value ?? throw new FormatException($"{name} needs a value");
        return name switch
        {
            "--version" => (options with { Version = ReadVersion(Value()) }, true),
            "--port" => (options with { Port = Number(name, Value(), 0, 65535) }, true),
            "--listen" => (options with { Listen = Value() }, true),
            "--data" => (options with { Data = Value() }, true),
            "--rate" => (options with { Rate = Number(name, Value(), 1, 1000) }, true),
            "--crash" => (options with { Faults = options.Faults with { Crash = true } }, false),
            "--never-healthy" => (options with { Faults = options.Faults with { UnhealthyAfter = TimeSpan.Zero } }, false),
            "--unhealthy-after" => (options with { Faults = options.Faults with { UnhealthyAfter = Duration(name, Value()) } }, true),
            "--fail-after" => (options with { Faults = options.Faults with { FailAfter = Duration(name, Value()) } }, true),
            "--start-delay" => (options with { Faults = options.Faults with { StartDelay = Duration(name, Value()) } }, true),
            _ => throw new FormatException($"'{name}' is not an argument"),
        };
    }

    private static Version ReadVersion(string text) =>
        Version.TryParse(text.Split('-', '+')[0], out var version) ? version : throw new FormatException($"--version: '{text}' is not a version such as 1.2.0");

    private static int Number(string name, string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new FormatException($"{name}: '{text}' is not a number from {least} to {most}");

    private static TimeSpan Duration(string name, string text)
    {
        var (digits, unit) = text switch
        {
            [.. var start, 'm', 's'] => (start, TimeSpan.FromMilliseconds(1)),
            [.. var start, 's'] => (start, TimeSpan.FromSeconds(1)),
            [.. var start, 'm'] => (start, TimeSpan.FromMinutes(1)),
            _ => ("", TimeSpan.Zero),
        };
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? unit * count
            : throw new FormatException($"{name}: '{text}' is not a duration such as 500ms, 5s or 1m");
    }
}
