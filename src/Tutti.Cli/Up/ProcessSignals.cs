using System.Runtime.InteropServices;
using Tutti.Cli.CommandLine;

namespace Tutti.Cli.Up;

/// <summary>What Linux offers for processes and .NET does not.</summary>
internal static class ProcessSignals
{
    private const int SigTerm = 15;
    private const int NoSuchProcess = 3;

    /// <summary>Asks a process to end; false: there is none.</summary>
    /// <exception cref="CliException">It may not be asked.</exception>
    public static bool Terminate(int pid)
    {
        if (Kill(pid, SigTerm) == 0)
        {
            return true;
        }

        var error = Marshal.GetLastPInvokeError();
        return error == NoSuchProcess
            ? false
            : throw CliException.Failed($"cannot stop pid {pid}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    /// <summary>Leaves the terminal: this process gets a session of its own, so that closing the terminal does not end it.</summary>
    public static void LeaveTerminal() => SetSession();

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int pid, int signal);

    [DllImport("libc", EntryPoint = "setsid", SetLastError = true)]
    private static extern int SetSession();
}
