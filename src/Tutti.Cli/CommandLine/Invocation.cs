using System.CommandLine;
using Tutti.Cli.Client;
using Tutti.Cli.Output;

namespace Tutti.Cli.CommandLine;

/// <summary>One call of one command: what was typed and what it may reach.</summary>
internal sealed class Invocation(IReadOnlyList<string> words, ParseResult parse, Terminal terminal, Rooms rooms, Interrupts interrupts)
{
    public Terminal Terminal { get; } = terminal;

    /// <summary>The words that were typed.</summary>
    public IReadOnlyList<string> Words => words;

    public Rooms Rooms { get; } = rooms;

    public Interrupts Interrupts { get; } = interrupts;

    /// <summary>The data folder, whether it is there or not.</summary>
    public string DataFolder
    {
        get
        {
            var named = parse.GetValue<string?>("--data") ?? NotEmpty(Terminal.Environment("TUTTI_DATA"));
            var home = Terminal.Environment("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            return Path.GetFullPath(named ?? Path.Combine(home, ".tutti"));
        }
    }

    /// <summary>URL of the server as the person named it; null: not named.</summary>
    public string? NamedServer => parse.GetValue<string?>("--server") ?? NotEmpty(Terminal.Environment("TUTTI_SERVER"));

    /// <summary>Whether JSON was asked for.</summary>
    public bool Json => parse.GetValue<string?>("--output") == "json";

    /// <summary>Name of the person, for the record.</summary>
    public string Author => NotEmpty(Terminal.Environment("USER")) ?? NotEmpty(Environment.UserName) ?? "cli";

    public T? Get<T>(Option<T> option) => parse.GetValue(option);

    public T Get<T>(Argument<T> argument) => parse.GetRequiredValue(argument);

    public T? GetOptional<T>(Argument<T> argument) => parse.GetValue(argument);

    /// <summary>A client of the server.</summary>
    /// <exception cref="CliException">No server is named or known (exit code 3).</exception>
    public ApiClient Connect() => ServerLocator.Connect(NamedServer, DataFolder, Author);

    /// <summary>Asks a person; where nobody can answer, <c>--yes</c> is needed.</summary>
    /// <exception cref="CliException">Not confirmed.</exception>
    public void Confirm(string question, bool yes)
    {
        if (yes)
        {
            return;
        }

        if (!Terminal.CanAsk)
        {
            throw CliException.BadInput($"{question} Nobody can be asked here: confirm with --yes");
        }

        Terminal.Error.Write($"{question} [y/N] ");
        if (Terminal.In.ReadLine()?.Trim().ToLowerInvariant() is not ("y" or "yes"))
        {
            throw CliException.Failed("not confirmed; nothing was changed");
        }
    }

    private static string? NotEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
