using System.Globalization;

namespace Tutti.Server.Hosting;

/// <summary>Finds out who holds a port, so that the message can say so.</summary>
/// <remarks>Source: proc(5), <c>/proc/net/tcp</c> and <c>/proc/PID/fd</c>.</remarks>
internal static class PortOwner
{
    private const string Listening = "0A";

    /// <summary><c> (pid 123 dotnet)</c>; empty where it cannot be told, as for a process of another user.</summary>
    public static string Describe(int port)
    {
        try
        {
            var sockets = Sockets(port);
            return sockets.Count > 0 && Find(sockets) is { } owner ? $" (pid {owner.Pid} {owner.Name})" : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The owner is a courtesy; the message stands without it.
            return "";
        }
    }

    private static HashSet<string> Sockets(int port)
    {
        var local = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        var sockets = new HashSet<string>(StringComparer.Ordinal);
        foreach (var table in (string[])["tcp", "tcp6", "udp", "udp6"])
        {
            var path = "/proc/net/" + table;
            if (!File.Exists(path))
            {
                continue;
            }

            foreach (var line in File.ReadLines(path).Skip(1))
            {
                var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (fields.Length > 9 && fields[1].EndsWith(local, StringComparison.Ordinal) && (fields[3] == Listening || table.StartsWith("udp", StringComparison.Ordinal)))
                {
                    sockets.Add($"socket:[{fields[9]}]");
                }
            }
        }

        return sockets;
    }

    private static (int Pid, string Name)? Find(HashSet<string> sockets)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
            {
                continue;
            }

            try
            {
                if (Directory.EnumerateFileSystemEntries(Path.Combine(folder, "fd")).Any(link => sockets.Contains(new FileInfo(link).LinkTarget ?? "")))
                {
                    return (pid, File.ReadAllText(Path.Combine(folder, "comm")).Trim());
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Another user's process, or one that has just ended: look at the next.
            }
        }

        return null;
    }
}
