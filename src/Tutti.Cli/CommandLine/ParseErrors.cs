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
        if (command.Subcommands.Count > 0 && parse.UnmatchedTokens.FirstOrDefault(token => !token.StartsWith('-')) is { } name)
        {
            var nearest = Spelling.Nearest(name, command.Subcommands.Select(sub => sub.Name));
            var above = command == root ? "" : command.Name + " ";
            terminal.Error.WriteLine($"error: there is no command '{above}{name}'{(nearest is null ? "" : $"; did you mean '{above}{nearest}'?")}");
        }
        else
        {
            foreach (var message in parse.Errors.Select(Message).Distinct())
            {
                terminal.Error.WriteLine($"error: {message.TrimEnd('.')}{Suggest(message, options, command, root)}");
            }
        }

        terminal.Error.WriteLine($"See '{PathOf(parse.CommandResult)} --help'.");
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

    /// <summary>Refuses an option between a command and the one below it, such as <c>versions -a shop show 3</c>: nobody would read it there.</summary>
    public static void RefuseOptionsOfTheCommandAbove(Command command) => command.Validators.Add(result =>
    {
        if (result.Parent is CommandResult above
            && above.Children.OfType<OptionResult>().FirstOrDefault(option => !option.Implicit && !option.Option.Recursive) is { } option)
        {
            result.AddError($"{option.IdentifierToken?.Value} belongs behind '{command.Name}'");
        }
    });

    private static string PathOf(CommandResult result) => result.Parent is CommandResult above ? $"{PathOf(above)} {result.Command.Name}" : "tutti";

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
