using System.Globalization;
using Tutti.Model.Quantities;
using Tutti.Node.Runtimes;

namespace Tutti.Node.Instances;

/// <summary>Says in a few words how an instance ended.</summary>
internal static class ExitReasons
{
    // Numbers of signal(7) that are the same on every architecture Linux runs .NET on.
    private static readonly string[] _signals =
    [
        "", "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1", "SIGSEGV",
        "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT", "SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU",
        "SIGURG", "SIGXCPU", "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR", "SIGSYS",
    ];

    /// <summary><c>exited with code 3 after 12s</c>, <c>killed by SIGKILL after 2m5s</c>, and why where its memory limit was the cause.</summary>
    /// <param name="status">How it ended.</param>
    /// <param name="ran">How long it ran.</param>
    /// <param name="reached">The memory limit for which the kernel killed a process of it; null: it did not.</param>
    public static string Describe(ExitStatus status, TimeSpan ran, ByteSize? reached = null) => Describe(status, ran) + (reached, status.Signal) switch
    {
        (null, _) => "",
        ({ } limit, not null) => $": it reached its memory limit of {limit}",
        ({ } limit, null) => $"; a process of it was killed, as it reached its memory limit of {limit}",
    };

    private static string Describe(ExitStatus status, TimeSpan ran) => status switch
    {
        { Signal: { } signal } => $"killed by {SignalName(signal)} after {Brief(ran)}",
        { Code: { } code } => $"exited with code {code} after {Brief(ran)}",
        _ => $"ended after {Brief(ran)}; its exit code went to an earlier agent",
    };

    /// <summary>Exit code, or 128 + signal; null where unknown.</summary>
    public static int? CodeOf(ExitStatus status) => status.Code ?? 128 + status.Signal;

    private static string SignalName(int signal) =>
        signal > 0 && signal < _signals.Length ? _signals[signal] : "signal " + signal.ToString(CultureInfo.InvariantCulture);

    private static string Brief(TimeSpan ran) => ran switch
    {
        { TotalSeconds: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, (int)ran.TotalMilliseconds)}ms"),
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)ran.TotalSeconds}s"),
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)ran.TotalMinutes}m{ran.Seconds}s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)ran.TotalHours}h{ran.Minutes}m"),
    };
}
