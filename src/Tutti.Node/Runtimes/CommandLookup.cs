using System.Text;

namespace Tutti.Node.Runtimes;

/// <summary>Finds a command's program as a shell in the working folder would, and says beforehand why it could not start.</summary>
internal static class CommandLookup
{
    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private const int ExecuteWanted = 1;

    /// <summary>The program's path: absolute, or relative to the working folder where the command is.</summary>
    /// <exception cref="LaunchException">Not found, a folder, not executable, or of no known format.</exception>
    public static string Find(string command, string? path, string workingFolder)
    {
        if (command.Length == 0)
        {
            throw new LaunchException("the command is empty");
        }

        if (!command.Contains('/'))
        {
            return FindOnPath(command, path ?? DefaultPath, workingFolder);
        }

        var full = Path.Combine(workingFolder, command);
        Check(command, full, workingFolder);
        return full;
    }

    private static string FindOnPath(string command, string path, string workingFolder)
    {
        string? forbidden = null;
        foreach (var folder in path.Split(':'))
        {
            var candidate = Path.Combine(workingFolder, folder, command);
            if (!File.Exists(candidate))
            {
                continue;
            }

            if (Libc.Access(candidate, ExecuteWanted) == 0)
            {
                Check(command, candidate, workingFolder);
                return candidate;
            }

            forbidden ??= candidate;
        }

        if (forbidden is not null)
        {
            throw new LaunchException($"'{forbidden}' is not executable: chmod +x it");
        }

        var here = File.Exists(Path.Combine(workingFolder, command)) ? $"; write './{command}' for the one in the working folder" : "";
        throw new LaunchException($"'{command}' was not found on PATH ({path}){here}");
    }

    private static void Check(string command, string file, string workingFolder)
    {
        if (Directory.Exists(file))
        {
            throw new LaunchException($"'{command}' is a folder, not a program");
        }

        if (!File.Exists(file))
        {
            var where = Path.IsPathRooted(command) ? "" : $" in {workingFolder}";
            throw new LaunchException($"'{command}' was not found{where}");
        }

        if (Libc.Access(file, ExecuteWanted) != 0)
        {
            throw new LaunchException($"'{command}' is not executable: chmod +x it");
        }

        CheckFormat(command, file, workingFolder);
    }

    private static void CheckFormat(string command, string file, string workingFolder)
    {
        Span<byte> start = stackalloc byte[256];
        try
        {
            using var handle = File.OpenHandle(file);
            start = start[..RandomAccess.Read(handle, start, 0)];
        }
        catch (UnauthorizedAccessException)
        {
            return; // A program may be executable without being readable; the kernel decides.
        }

        if (start.StartsWith("\u007fELF"u8))
        {
            return;
        }

        if (!start.StartsWith("#!"u8))
        {
            throw new LaunchException($"'{command}' is neither a program nor a script: a script begins with #! and its interpreter");
        }

        var line = start[2..];
        var end = line.IndexOf((byte)'\n');
        var interpreter = Encoding.UTF8.GetString(end < 0 ? line : line[..end]).Trim().Split(' ', '\t')[0];
        if (!File.Exists(Path.Combine(workingFolder, interpreter)))
        {
            throw new LaunchException($"'{command}' asks for the interpreter '{interpreter}', which was not found");
        }
    }
}
