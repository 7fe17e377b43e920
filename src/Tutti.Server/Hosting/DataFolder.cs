using System.Globalization;
using System.Security.Cryptography;

namespace Tutti.Server.Hosting;

/// <summary>The server's own folder: readable by its owner only, used by one server at a time.</summary>
internal sealed class DataFolder : IDisposable
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerFile | UnixFileMode.UserExecute;

    // Others may pass through, and see nothing: an instance that runs as another user has its folder below the agent's, which may be in here.
    private const UnixFileMode PassThrough = OwnerFolder | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const int WouldBlock = 11; // EWOULDBLOCK
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream held, string token) => (Path, _lock, Token) = (path, held, token);

    public string Path { get; }

    /// <summary>What agents must show; made once, then kept.</summary>
    public string Token { get; }

    public string Store => System.IO.Path.Combine(Path, "store.db");

    public string Blobs => System.IO.Path.Combine(Path, "blobs");

    public string WebhookPosition => System.IO.Path.Combine(Path, "webhooks.position");

    /// <exception cref="ServerStartException">The folder cannot be made or written, or another server uses it.</exception>
    public static DataFolder Open(string path)
    {
        try
        {
            var folder = Directory.CreateDirectory(System.IO.Path.GetFullPath(path), PassThrough);
            folder.UnixFileMode = PassThrough;
            Directory.CreateDirectory(System.IO.Path.Combine(folder.FullName, "blobs"), OwnerFolder).UnixFileMode = OwnerFolder;
            var held = Lock(folder.FullName);
            try
            {
                return new DataFolder(folder.FullName, held, ReadOrMakeToken(folder.FullName));
            }
            catch
            {
                held.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ServerStartException($"data folder {path} cannot be used: {e.Message.TrimEnd('.')}; make it writable, free some space, or choose another with --data DIR", e);
        }
    }

    public void Dispose() => _lock.Dispose();

    private static FileStream Lock(string folder)
    {
        // The pid stands in a file of its own: a locked file cannot be read.
        var pid = System.IO.Path.Combine(folder, "server.pid");
        try
        {
            // FileShare.None is a lock of the kernel (flock): it goes with its process, however that ends.
            var held = new FileStream(System.IO.Path.Combine(folder, "server.lock"), new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = OwnerFile,
            });
            File.WriteAllText(pid, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return held;
        }
        catch (IOException e) when ((e.HResult & 0xffff) == WouldBlock)
        {
            var holder = File.Exists(pid) ? $" with pid {File.ReadAllText(pid).Trim()}" : "";
            throw new ServerStartException($"data folder {folder} is in use by the server{holder}; stop that one first, or choose another folder with --data DIR", e);
        }
    }

    private static string ReadOrMakeToken(string folder)
    {
        var path = System.IO.Path.Combine(folder, "token");
        if (File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } kept)
        {
            File.SetUnixFileMode(path, OwnerFile);
            return kept;
        }

        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var next = path + ".next";
        File.Delete(next);
        using (var file = new FileStream(next, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerFile }))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(token));
            file.Flush(flushToDisk: true);
        }

        File.Move(next, path, overwrite: true);
        return token;
    }
}
