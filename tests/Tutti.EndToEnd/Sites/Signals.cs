using System.Runtime.InteropServices;

namespace Tutti.EndToEnd.Sites;

/// <summary>Signals to processes.</summary>
internal static class Signals
{
    /// <summary>kill -9; a process that has ended is left alone.</summary>
    public static void Kill9(int pid) => Send(pid, 9);

    /// <summary>What Ctrl-C and service managers send.</summary>
    public static void Terminate(int pid) => Send(pid, 15);

    private static void Send(int pid, int signal)
    {
        const int noSuchProcess = 3;
        Assert.True(pid > 1, $"{pid} is no process of a test");
        if (Kill(pid, signal) != 0 && Marshal.GetLastPInvokeError() != noSuchProcess)
        {
            throw new InvalidOperationException($"cannot send signal {signal} to {pid}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int pid, int signal);
}
