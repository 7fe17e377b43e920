using System.CommandLine;

namespace Tutti.Cli.CommandLine;

/// <summary>One command: its description, examples, options and what it does.</summary>
internal abstract class TuttiCommand : Command
{
    protected TuttiCommand(string name, string description)
        : base(name, description)
    {
    }

    /// <summary>Shown at the end of <c>--help</c>.</summary>
    public abstract IReadOnlyList<Example> Examples { get; }

    /// <summary>Does it; returns an <see cref="ExitCode"/>.</summary>
    /// <exception cref="CliException">It cannot; the message says why and what to do.</exception>
    public abstract Task<int> RunAsync(Invocation invocation, CancellationToken cancellation);
}

/// <summary>One line of the examples: what to type and what it does.</summary>
internal sealed record Example(string Line, string Meaning);
