using System.CommandLine;
using System.CommandLine.Parsing;
using Tutti.Cli.Output;

namespace Tutti.Cli.CommandLine;

/// <summary>What is said about a command line that cannot be read.</summary>
internal static class ParseErrors
{
    public static int Print(ParseResult parse, RootCommand root, Terminal terminal)
    {
        var command = parse.CommandResult.Command;
        var unknown = parse.UnmatchedTokens.ToHashSet(StringComparer.Ordinal);
        if (command == root && parse.UnmatchedTokens.FirstOrDefault(token => !token.StartsWith('-')) is { } name)
        {
            var nearest = Spelling.Nearest(name, root.Subcommands.Select(sub => sub.Name));
            terminal.Error.WriteLine($"error: there is no command '{name}'{(nearest is null ? "" : $"; did you mean '{nearest}'?")}");
        }
        else
        {
            foreach (var message in parse.Errors.Select(Message).Distinct())
            {
                terminal.Error.WriteLine($"error: {message.TrimEnd('.')}{Suggest(message, unknown, command, root)}");
            }
        }

        terminal.Error.WriteLine($"See 'tutti{(command == root ? "" : " " + command.Name)} --help'.");
        return ExitCode.BadInput;
    }

    private static string Message(ParseError error) =>
        error.SymbolResult is ArgumentResult { Tokens.Count: 0, Parent: CommandResult } missing
            ? $"{missing.Argument.Name} is missing: {missing.Argument.Description}"
            : error.Message;

    private static string Suggest(string message, HashSet<string> unknown, Command command, RootCommand root)
    {
        var token = unknown.FirstOrDefault(token => token.StartsWith('-') && message.Contains($"'{token}'", StringComparison.Ordinal));
        if (token is null)
        {
            return "";
        }

        var options = command.Options.Concat(root.Options.Where(option => option.Recursive)).SelectMany(option => option.Aliases.Append(option.Name));
        return Spelling.Nearest(token, options) is { } nearest ? $"; did you mean '{nearest}'?" : "";
    }
}
