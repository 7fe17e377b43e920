namespace Tutti.Cli.CommandLine;

/// <summary>What the program's exit code says.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>The operation failed.</summary>
    public const int Failed = 1;

    /// <summary>Bad input: the command line, a manifest, a name that does not exist.</summary>
    public const int BadInput = 2;

    /// <summary>No server answers.</summary>
    public const int NoServer = 3;

    /// <summary>Ended by Ctrl-C before it was done: 128 + SIGINT, as shells spell it.</summary>
    public const int Interrupted = 130;
}
