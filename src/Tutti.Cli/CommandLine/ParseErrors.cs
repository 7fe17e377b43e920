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
        var options = parse.Tokens.Select(token => token.Value).Where(token => token.StartsWith('-')).ToArray();
        if (command == root && parse.UnmatchedTokens.FirstOrDefault(token => !token.StartsWith('-')) is { } name)
        {
            var nearest = Spelling.Nearest(name, root.Subcommands.Select(sub => sub.Name));
            terminal.Error.WriteLine($"error: there is no command '{name}'{(nearest is null ? "" : $"; did you mean '{nearest}'?")}");
        }
        else
        {
            foreach (var message in parse.Errors.Select(Message).Distinct())
            {
                terminal.Error.WriteLine($"error: {message.TrimEnd('.')}{Suggest(message, options, command, root)}");
            }
        }

        terminal.Error.WriteLine($"See 'tutti{(command == root ? "" : " " + command.Name)} --help'.");
        return ExitCode.BadInput;
    }

    /// <summary>Refuses an option where a name is expected: System.CommandLine would take <c>--frob</c> for the name of a file.</summary>
    public static void RefuseOptionsAsArguments(Command command)
    {
        foreach (var argument in command.Arguments)
        {
            argument.Validators.Add(result =>
            {
                if (result.Tokens.FirstOrDefault(token => token.Value.Length > 1 && token.Value.StartsWith('-')) is { } option)
                {
                    result.AddError($"there is no option '{option.Value}'");
                }
            });
        }
    }

    private static string Message(ParseError error) =>
        error.SymbolResult is ArgumentResult { Tokens.Count: 0, Parent: CommandResult } missing
            ? $"{missing.Argument.Name} is missing: {missing.Argument.Description}"
            : error.Message;

    private static string Suggest(string message, string[] typed, Command command, RootCommand root)
    {
        var token = typed.FirstOrDefault(token => message.Contains($"'{token}'", StringComparison.Ordinal));
        if (token is null)
        {
            return "";
        }

        var options = command.Options.Concat(root.Options.Where(option => option.Recursive)).SelectMany(option => option.Aliases.Append(option.Name));
        return Spelling.Nearest(token, options) switch
        {
            null => "",
            var same when same == token => "; it belongs behind the command",
            var nearest => $"; did you mean '{nearest}'?",
        };
    }
}
