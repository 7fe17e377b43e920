namespace Tutti.Cli.CommandLine;

/// <summary>Ends a command with a message for a person and an exit code.</summary>
/// <param name="exitCode">One of <see cref="ExitCode"/>.</param>
/// <param name="message">Names the thing and the remedy.</param>
/// <param name="details">Further lines, printed before the message as they are.</param>
internal sealed class CliException(int exitCode, string message, IReadOnlyList<string>? details = null) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    public IReadOnlyList<string> Details { get; } = details ?? [];

    /// <summary>Whether the server has not what was asked for.</summary>
    public bool Missing { get; init; }

    public static CliException BadInput(string message) => new(CommandLine.ExitCode.BadInput, message);

    public static CliException Failed(string message) => new(CommandLine.ExitCode.Failed, message);
}
