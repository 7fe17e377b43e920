using System.Globalization;
using Tutti.Cli.CommandLine;

namespace Tutti.Cli.Serving;

/// <summary>One program at a time on a data folder: an flock on its file <c>lock</c>, which the kernel releases however the holder ends.
/// Beside it, <c>lock.holder</c> names the holder's pid and mode: .NET cannot open a file for reading while the lock on it is held.</summary>
internal sealed class FolderLock : IDisposable
{
    private const int WouldBlock = 11; // EAGAIN
    private const int Attempts = 20;
    private static readonly TimeSpan _betweenAttempts = TimeSpan.FromMilliseconds(25);

    private readonly FileStream _file;
    private readonly string _folder;

    private FolderLock(FileStream file, string folder) => (_file, _folder) = (file, folder);

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
            // A shared lock (what .NET takes for reading) is refused exactly while the exclusive one is held.
            using var probe = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (IOException)
        {
            return ReadHolder(folder);
        }
    }

    /// <summary>Releases it.</summary>
    public void Dispose()
    {
        File.Delete(HolderPathIn(_folder));
        _file.Dispose();
    }

    private static FolderLock Take(string folder, string mode)
    {
        Directory.CreateDirectory(folder);
        var file = new FileStream(PathIn(folder), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        try
        {
            File.WriteAllText(HolderPathIn(folder), $"{Environment.ProcessId} {mode}\n");
            return new FolderLock(file, folder);
        }
        catch (Exception)
        {
            file.Dispose();
            throw;
        }
    }

    private static Holder ReadHolder(string folder)
    {
        try
        {
            var words = File.ReadAllText(HolderPathIn(folder)).Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
            var pid = words.Length > 0 && int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
            return new Holder(pid, words.Length > 1 ? words[1] : "up");
        }
        catch (IOException)
        {
            return new Holder(0, "up"); // Taken, and not yet (or no longer) named.
        }
    }

    private static string HolderPathIn(string folder) => Path.Combine(folder, "lock.holder");

    private static string PathIn(string folder) => Path.Combine(folder, "lock");

    /// <summary>Who holds a folder; pid 0: not known yet.</summary>
    internal sealed record Holder(int Pid, string Mode);
}
