using System.Globalization;

namespace Tutti.Node.Runtimes;

/// <summary>Signal numbers of Linux (x86-64 and arm64).</summary>
internal static class Signals
{
    public const int Kill = 9;
    public const int Continue = 18;

    private static readonly string[] _names =
    [
        "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM",
        "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    /// <summary>Reads <c>SIGTERM</c>, <c>TERM</c> or <c>15</c>.</summary>
    /// <exception cref="ArgumentException">There is no such signal.</exception>
    public static int Number(string name)
    {
        if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 64)
        {
            return number;
        }

        var bare = name.StartsWith("SIG", StringComparison.OrdinalIgnoreCase) ? name[3..] : name;
        var index = Array.FindIndex(_names, n => n.Length > 0 && n.Equals(bare, StringComparison.OrdinalIgnoreCase));
        return index > 0 ? index : throw new ArgumentException($"'{name}' is not a signal such as SIGTERM", nameof(name));
    }
}
