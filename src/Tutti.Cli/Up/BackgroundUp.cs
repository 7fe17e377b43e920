using System.Diagnostics;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Output;
using Tutti.Cli.Serving;

namespace Tutti.Cli.Up;

/// <summary><c>up --detach</c>: the same program once more, in the background, with its output in <c>up.log</c>.</summary>
internal static class BackgroundUp
{
    private const string Marker = "TUTTI_DETACHED";
    private static readonly TimeSpan _betweenLooks = TimeSpan.FromMilliseconds(100);

    /// <summary>Whether this process is the one in the background.</summary>
    public static bool IsThisProcess(Terminal terminal) => terminal.Environment(Marker) == "1";

    /// <summary>Leaves the terminal for good; what is started from here on does not take itself for the one in the background.</summary>
    public static void Enter()
    {
        ProcessSignals.LeaveTerminal();
        Environment.SetEnvironmentVariable(Marker, null);
    }

    /// <summary>Called in the background once the start-up has ended.</summary>
    public static void TellOutcome(string dataFolder, int code)
    {
        var path = OutcomePath(dataFolder);
        File.WriteAllText(path + ".new", $"{code}");
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>Starts it and waits until the start-up has ended, showing what it says; returns its exit code.</summary>
    public static async Task<int> StartAsync(Invocation invocation, string dataFolder, CancellationToken cancellation)
    {
        using (FolderLock.Acquire(dataFolder, "up"))
        {
            File.Delete(OutcomePath(dataFolder));
            File.WriteAllText(LogPath(dataFolder), "");
        }

        using var process = Start(invocation, LogPath(dataFolder));
        using var log = new StreamReader(new FileStream(LogPath(dataFolder), FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        try
        {
            while (true)
            {
                // Looked at before the log is copied, so that nothing said before the end is missed.
                var outcome = ReadOutcome(dataFolder);
                var ended = process.HasExited;
                invocation.Terminal.Error.Write(await log.ReadToEndAsync(cancellation));
                if (outcome is { } code)
                {
                    invocation.Terminal.Out.WriteLine(
                        $"tutti up stays in the background, pid {process.Id}, log {LogPath(dataFolder)}; 'tutti down' ends it");
                    return code;
                }

                if (ended)
                {
                    return process.ExitCode == 0 ? ExitCode.Failed : process.ExitCode;
                }

                await Task.Delay(_betweenLooks, invocation.Terminal.Clock, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            ProcessSignals.Terminate(process.Id);
            throw;
        }
    }

    private static Process Start(Invocation invocation, string logPath)
    {
        // The shell only opens the log and is then replaced by the program, which keeps its pid.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "log=$1; shift; exec \"$@\" </dev/null >>\"$log\" 2>&1", "sh", logPath, .. Self(), .. invocation.Words]);
        start.Environment[Marker] = "1";
        return Process.Start(start)!;
    }

    /// <summary>How this program is called: by its own executable, or through <c>dotnet</c>.</summary>
    private static string[] Self()
    {
        var executable = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(executable) == "dotnet"
            ? [executable, Environment.GetCommandLineArgs()[0]]
            : [executable];
    }

    private static int? ReadOutcome(string dataFolder) =>
        File.Exists(OutcomePath(dataFolder)) ? int.Parse(File.ReadAllText(OutcomePath(dataFolder))) : null;

    private static string OutcomePath(string dataFolder) => Path.Combine(dataFolder, "up.outcome");

    private static string LogPath(string dataFolder) => Path.Combine(dataFolder, "up.log");
}
