using System.Globalization;
using Tutti.Cli.CommandLine;

namespace Tutti.Cli.Serving;

/// <summary>One program at a time on a data folder: an flock on its file <c>lock</c>, which the kernel releases however the holder ends.
/// The file holds the holder's pid and mode, for messages.</summary>
internal sealed class FolderLock : IDisposable
{
    private const int WouldBlock = 11; // EAGAIN
    private const int Attempts = 20;
    private static readonly TimeSpan _betweenAttempts = TimeSpan.FromMilliseconds(25);

    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    /// <summary>Takes it; the folder is made where missing.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="mode">The command that takes it, such as <c>up</c>.</param>
    /// <exception cref="CliException">Another holds it, or the folder cannot be written (exit code 1).</exception>
    public static FolderLock Acquire(string folder, string mode)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return Take(folder, mode);
            }
            catch (IOException) when (HolderOf(folder) is { Pid: > 0 } holder)
            {
                var end = holder.Mode == "agent" ? $"stop it (kill {holder.Pid})" : $"stop it with 'tutti down --data {folder}'";
                throw CliException.Failed(
                    $"the data folder {folder} is in use by tutti {holder.Mode}, pid {holder.Pid}; {end} or choose another with --data");
            }
            catch (IOException busy) when (busy.HResult == WouldBlock && attempt < Attempts)
            {
                // Somebody only looks whether it is held, or has just taken it and not yet written its pid.
                Thread.Sleep(_betweenAttempts);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw CliException.Failed($"cannot write to the data folder {folder}: {failure.Message.TrimEnd('.')}; choose another with --data");
            }
        }
    }

    /// <summary>Who holds it now; null: nobody.</summary>
    public static Holder? HolderOf(string folder)
    {
        var path = PathIn(folder);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            // A shared lock (what .NET takes for reading with FileShare.Read) is refused exactly while the exclusive one is held.
            using var probe = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (IOException)
        {
            return ReadHolder(path);
        }
    }

    /// <summary>Releases it.</summary>
    public void Dispose() => _file.Dispose();

    private static FolderLock Take(string folder, string mode)
    {
        Directory.CreateDirectory(folder);
        var file = new FileStream(PathIn(folder), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
        try
        {
            file.SetLength(0);
            file.Write(System.Text.Encoding.ASCII.GetBytes($"{Environment.ProcessId} {mode}\n"));
            file.Flush();
            return new FolderLock(file);
        }
        catch (Exception)
        {
            file.Dispose();
            throw;
        }
    }

    private static Holder ReadHolder(string path)
    {
        // Reading with FileShare.ReadWrite takes no lock at all.
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var words = reader.ReadToEnd().Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        var pid = words.Length > 0 && int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        return new Holder(pid, words.Length > 1 ? words[1] : "up");
    }

    private static string PathIn(string folder) => Path.Combine(folder, "lock");

    /// <summary>Who holds a folder; pid 0: not known yet.</summary>
    internal sealed record Holder(int Pid, string Mode);
}
