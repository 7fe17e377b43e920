using System.Globalization;

namespace Tutti.Node.Ports;

/// <summary>Finds which process listens on a port, where /proc may be read.</summary>
internal static class PortOwner
{
    private const string Listening = "0A";

    /// <summary>Its pid and name; null where nobody listens or the owner may not be seen.</summary>
    public static (int Pid, string Name)? Find(int port)
    {
        var sockets = new HashSet<string>(StringComparer.Ordinal);
        AddSockets(sockets, "/proc/net/tcp", port);
        AddSockets(sockets, "/proc/net/tcp6", port);
        if (sockets.Count == 0)
        {
            return null;
        }

        foreach (var process in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(process.AsSpan("/proc/".Length), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && Holds(process, sockets))
            {
                return (pid, NameOf(process));
            }
        }

        return null;
    }

    private static void AddSockets(HashSet<string> sockets, string file, int port)
    {
        if (!File.Exists(file))
        {
            return;
        }

        var suffix = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        foreach (var line in File.ReadLines(file).Skip(1))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length > 9 && fields[3] == Listening && fields[1].EndsWith(suffix, StringComparison.Ordinal))
            {
                sockets.Add($"socket:[{fields[9]}]");
            }
        }
    }

    private static bool Holds(string process, HashSet<string> sockets)
    {
        try
        {
            return Directory.EnumerateFiles(process + "/fd").Any(descriptor => IsOneOf(sockets, descriptor));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // It ended, or belongs to someone whose files may not be seen.
        }
    }

    private static bool IsOneOf(HashSet<string> sockets, string descriptor)
    {
        try
        {
            return File.ResolveLinkTarget(descriptor, returnFinalTarget: false) is { } target && sockets.Contains(target.Name);
        }
        catch (IOException)
        {
            return false; // Closed since it was listed; the process may hold the socket under another number.
        }
    }

    private static string NameOf(string process)
    {
        try
        {
            return File.ReadAllText(process + "/comm").Trim();
        }
        catch (IOException)
        {
            return "unknown";
        }
    }
}
