using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Tutti.Cli.Output;

namespace Tutti.Cli.CommandLine;

/// <summary>The usual help, and the command's examples after it.</summary>
internal sealed class HelpWithExamples(HelpAction usual, Terminal terminal) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        usual.MaxWidth = terminal.Width is > 0 and < 100 ? terminal.Width : 100;
        usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command is TuttiCommand { Examples.Count: > 0 } command)
        {
            var width = command.Examples.Max(example => example.Line.Length);
            terminal.Out.WriteLine("Examples:");
            foreach (var example in command.Examples)
            {
                terminal.Out.WriteLine($"  {example.Line.PadRight(width)}  {example.Meaning}");
            }

            terminal.Out.WriteLine();
        }

        return ExitCode.Done;
    }
}
