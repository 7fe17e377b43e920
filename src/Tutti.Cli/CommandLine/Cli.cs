using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Tutti.Cli.Output;

namespace Tutti.Cli.CommandLine;

/// <summary>The program: parses, runs one command, and turns every outcome into a message and an exit code.</summary>
internal static class Cli
{
    public static async Task<int> RunAsync(IReadOnlyList<string> args, Terminal terminal, Rooms rooms, Interrupts interrupts)
    {
        var root = CreateRoot(terminal, (command, parse) => GuardAsync(command, new Invocation(args, parse, terminal, rooms, interrupts)));
        var parse = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parse.Errors.Count > 0 && parse.Action is ParseErrorAction or null)
        {
            return ParseErrors.Print(parse, root, terminal);
        }

        return await parse.InvokeAsync(
            new InvocationConfiguration
            {
                Output = terminal.Out,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            },
            CancellationToken.None);
    }

    private static RootCommand CreateRoot(Terminal terminal, Func<TuttiCommand, ParseResult, Task<int>> run)
    {
        var root = new RootCommand("Tutti keeps a whole architecture of services running as one manifest says.");
        root.Add(SharedOptions.Server());
        root.Add(SharedOptions.Data());
        root.Directives.Clear();
        foreach (var option in root.Options)
        {
            if (option is VersionOption version)
            {
                version.Action = new PrintVersion(terminal);
            }
            else if (option is HelpOption { Action: HelpAction help } helpOption)
            {
                helpOption.Action = new HelpWithExamples(help, terminal);
                root.SetAction(parse => helpOption.Action is HelpWithExamples all ? all.Invoke(parse) : ExitCode.Done);
            }
        }

        foreach (var command in Commands.All())
        {
            Prepare(command, run);
            root.Add(command);
        }

        return root;
    }

    private static void Prepare(TuttiCommand command, Func<TuttiCommand, ParseResult, Task<int>> run)
    {
        ParseErrors.RefuseOptionsAsArguments(command);
        ParseErrors.RefuseOptionsOfTheCommandAbove(command);
        command.SetAction(parse => run(command, parse));
        foreach (var below in command.Subcommands.OfType<TuttiCommand>())
        {
            Prepare(below, run);
        }
    }

    private static async Task<int> GuardAsync(TuttiCommand command, Invocation invocation)
    {
        var error = invocation.Terminal.Error;
        try
        {
            return await command.RunAsync(invocation, invocation.Interrupts.First);
        }
        catch (CliException refused)
        {
            foreach (var detail in refused.Details)
            {
                await error.WriteLineAsync(detail);
            }

            await error.WriteLineAsync($"error: {refused.Message}");
            return refused.ExitCode;
        }
        catch (OperationCanceledException) when (invocation.Interrupts.First.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"error: {command.Name}: {failure.Message}");
            return ExitCode.Failed;
        }
        catch (Exception fault)
        {
            await error.WriteLineAsync($"error: a fault in tutti itself ended '{command.Name}'; please report it with these lines");
            await error.WriteLineAsync(fault.ToString());
            return ExitCode.Failed;
        }
    }

    private sealed class PrintVersion(Terminal terminal) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            terminal.Out.WriteLine($"tutti {typeof(Cli).Assembly.GetName().Version?.ToString(3)}");
            return ExitCode.Done;
        }
    }
}
