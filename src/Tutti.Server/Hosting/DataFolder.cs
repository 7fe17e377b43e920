using System.Globalization;
using System.Security.Cryptography;

namespace Tutti.Server.Hosting;

/// <summary>The server's own folder: readable by its owner only, used by one server at a time.</summary>
internal sealed class DataFolder : IDisposable
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerFile | UnixFileMode.UserExecute;
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
            var folder = Directory.CreateDirectory(System.IO.Path.GetFullPath(path), OwnerFolder);
            folder.UnixFileMode = OwnerFolder;
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
        var path = System.IO.Path.Combine(folder, "server.pid");
        try
        {
            // FileShare.None is a lock of the kernel (flock): it goes with its process, however that ends.
            var held = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = OwnerFile,
            });
            held.SetLength(0);
            held.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            held.Flush();
            return held;
        }
        catch (IOException e) when (File.Exists(path) && Holder(path) is { } pid && Directory.Exists($"/proc/{pid}"))
        {
            throw new ServerStartException($"data folder {folder} is in use by the server with pid {pid}; stop that one first, or choose another folder with --data DIR", e);
        }
    }

    private static int? Holder(string path)
    {
        using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return int.TryParse(file.ReadToEnd(), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : null;
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
