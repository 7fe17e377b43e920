using SQLitePCL;

namespace Tutti.Store.Sqlite;

/// <summary>Turns SQLite's result codes (https://sqlite.org/rescode.html) into messages that name the file and the remedy.</summary>
internal static class Failures
{
    /// <summary>How long a statement waits for another process's lock.</summary>
    public const int BusyTimeoutMilliseconds = 5_000;

    /// <summary>The exception for a result code.</summary>
    /// <param name="operation">What was being done, as a noun: "commit".</param>
    /// <param name="path">The file.</param>
    /// <param name="code">Extended result code.</param>
    /// <param name="detail">SQLite's own words.</param>
    public static StoreException Of(string operation, string path, int code, string detail) =>
        new($"{operation} failed: {path}: {Reason(path, code, detail)} (SQLite code {code})");

    /// <summary>The exception for an error of the file system before SQLite was asked.</summary>
    public static StoreException Of(string operation, string path, Exception error) => new($"{operation} failed: {path}: {Reason(path, error)}", error);

    private static string Reason(string path, int code, string detail) => (code & 0xff) switch
    {
        raw.SQLITE_FULL => $"no room: either the store has reached its bound (StoreBytes) or the disk is full ({FreeBytes(path)}); compact the store, free disk space or raise the bound",
        raw.SQLITE_READONLY => "the file or its folder is read-only: make both writable for this user, or choose another data folder",
        raw.SQLITE_CANTOPEN => "the file or its -wal or -shm beside it cannot be opened: the folder must exist and be writable for this user",
        raw.SQLITE_NOTADB => "this is not a Tutti store, or its first page is damaged: choose another path, or put a backup in its place",
        raw.SQLITE_CORRUPT => $"the file is damaged ({detail}): stop the server and put a backup in its place",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => $"another process has held it locked for {BusyTimeoutMilliseconds / 1000} s: stop that process, or try again",
        raw.SQLITE_IOERR => $"the disk failed ({detail}): look at the system's log, then try again",
        raw.SQLITE_NOMEM => "out of memory",
        _ => detail,
    };

    private static string Reason(string path, Exception error)
    {
        if (Directory.Exists(path))
            return "this is a folder: name a file in it";
        var folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder))
            return $"the folder {folder} cannot be created ({error.Message}): choose another data folder";
        return $"the file cannot be created ({error.Message}): make the folder writable for this user, or choose another data folder";
    }

    private static string FreeBytes(string path)
    {
        try
        {
            return $"{new DriveInfo(Path.GetDirectoryName(path)!).AvailableFreeSpace} bytes are free there";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // The figure only helps the reader; the failure itself is reported either way.
            return "its free space is unknown";
        }
    }
}
