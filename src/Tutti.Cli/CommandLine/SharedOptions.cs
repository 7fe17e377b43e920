using System.CommandLine;

namespace Tutti.Cli.CommandLine;

/// <summary>Options that mean the same wherever they stand.</summary>
internal static class SharedOptions
{
    public static Option<string?> Server() => new("--server")
    {
        Description = "URL of the server (or TUTTI_SERVER; default: the one that runs on the data folder)",
        HelpName = "URL",
        Recursive = true,
    };

    public static Option<string?> Data() => new("--data")
    {
        Description = "Data folder (or TUTTI_DATA; default: ~/.tutti)",
        HelpName = "DIR",
        Recursive = true,
    };

    public static Option<string?> Architecture() => new("--architecture", "-a")
    {
        Description = "The architecture (default: the only one)",
        HelpName = "NAME",
    };

    public static Option<string> Output() => Output("table, or json: stable, camelCase, times in RFC 3339", "table", "json");

    /// <summary>An output of other formats than usual, the default first.</summary>
    public static Option<string> Output(string description, params string[] formats)
    {
        var option = new Option<string>("--output", "-o") { Description = description, HelpName = "FORMAT", DefaultValueFactory = _ => formats[0] };
        option.AcceptOnlyFromAmong(formats);
        return option;
    }

    public static Option<bool> Yes() => new("--yes", "-y") { Description = "Do not ask" };

    public static Option<bool> AllowGap() => new("--allow-gap") { Description = "Agree that a pet is down while its release is exchanged" };

    public static Option<bool> Wait() => new("--wait") { Description = "Wait until it is done, showing how far it is; exit code 1 where it fails" };

    public static Option<bool> Build() => new("--build") { Description = "Run every build command, also where the artifact is there" };

    public static Option<string> Message() => new("--message", "-m")
    {
        Description = "Why, in a line; kept with the version set",
        HelpName = "TEXT",
        DefaultValueFactory = _ => "",
    };

    public static Argument<string> Service() => new("SERVICE") { Description = "The service" };
}
