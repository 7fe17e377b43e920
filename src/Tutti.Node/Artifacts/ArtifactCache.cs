using System.Security.Cryptography;
using Tutti.Node.Runtimes;

namespace Tutti.Node.Artifacts;

/// <summary>Keeps each artifact in a folder named after its digest, which appears complete and durable or not at all.</summary>
internal sealed class ArtifactCache : IArtifactCache
{
    private const string DigestPrefix = "sha256:";
    private const string FolderPrefix = "sha256-";
    private const string Unfinished = ".unfinished-";
    private const int BlockBytes = 128 * 1024;

    private readonly string _folder;
    private readonly Func<string, CancellationToken, Task<Stream>> _download;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Fetch> _fetches = new(StringComparer.Ordinal);

    /// <summary>Makes the folder where missing and clears what a crash left unfinished. One cache a folder at a time.</summary>
    public ArtifactCache(string folder, Func<string, CancellationToken, Task<Stream>> download, TimeProvider time)
    {
        (_folder, _download, _time) = (Path.GetFullPath(folder), download, time);
        Directory.CreateDirectory(_folder);
        foreach (var left in Directory.EnumerateFileSystemEntries(_folder, Unfinished + "*"))
        {
            Remove(left);
        }
    }

    /// <inheritdoc/>
    public async Task<string> EnsureAsync(string digest, CancellationToken ct)
    {
        var final = Path.Combine(_folder, FolderPrefix + ReadDigest(digest));
        Fetch fetch;
        lock (_lock)
        {
            if (Directory.Exists(final))
            {
                Use(final);
                return final;
            }

            if (!_fetches.TryGetValue(digest, out fetch!))
            {
                fetch = _fetches[digest] = new Fetch();
                fetch.Task = Task.Run(() => RunAsync(digest, final, fetch), CancellationToken.None);
            }

            fetch.Callers++;
        }

        try
        {
            return await fetch.Task.WaitAsync(ct).ConfigureAwait(false);
        }
        finally
        {
            Leave(digest, fetch);
        }
    }

    /// <inheritdoc/>
    public void Clean(IReadOnlySet<string> inUse)
    {
        var doomed = new List<string>();
        lock (_lock)
        {
            var now = _time.GetUtcNow().UtcDateTime;
            var unused = new List<(string Path, TimeSpan Age)>();
            foreach (var folder in new DirectoryInfo(_folder).EnumerateDirectories(FolderPrefix + "*"))
            {
                if (inUse.Contains(DigestPrefix + folder.Name[FolderPrefix.Length..]))
                {
                    Use(folder.FullName);
                }
                else
                {
                    unused.Add((folder.FullName, now - folder.LastWriteTimeUtc));
                }
            }

            foreach (var (path, age) in unused.OrderBy(each => each.Age).Index().Where(each => each.Index >= ArtifactLimits.UnusedKept || each.Item.Age > ArtifactLimits.UnusedKeptFor).Select(each => each.Item))
            {
                if (age > ArtifactLimits.Recently)
                {
                    // Its name goes at once and under the lock, so that nobody is given a folder of which a part is gone already.
                    var removed = Path.Combine(_folder, Unfinished + Path.GetRandomFileName());
                    Directory.Move(path, removed);
                    doomed.Add(removed);
                }
            }
        }

        doomed.ForEach(Remove);
    }

    /// <summary>The time of the folder says when it was last used, also to the next agent.</summary>
    private void Use(string folder) => Directory.SetLastWriteTimeUtc(folder, _time.GetUtcNow().UtcDateTime);

    private void Leave(string digest, Fetch fetch)
    {
        lock (_lock)
        {
            if (--fetch.Callers == 0)
            {
                // Whoever asks from now on begins anew; where the work is still going on, nobody wants it any more.
                if (_fetches.GetValueOrDefault(digest) == fetch)
                {
                    _fetches.Remove(digest);
                }

                fetch.Abandoned.Cancel();
            }
        }
    }

    private async Task<string> RunAsync(string digest, string final, Fetch fetch)
    {
        var ct = fetch.Abandoned.Token;
        var temporary = Path.Combine(_folder, Unfinished + Path.GetRandomFileName());
        var archive = temporary + ".archive";
        try
        {
            if (Directory.Exists(final))
            {
                return final;
            }

            await DownloadAsync(digest, archive, ct).ConfigureAwait(false);
            Directory.CreateDirectory(temporary);
            await ArchiveReader.UnpackAsync(archive, temporary, ct).ConfigureAwait(false);
            Use(temporary);
            Publish(temporary, final);
            return final;
        }
        catch (ArtifactException e)
        {
            throw new ArtifactException($"artifact {digest}: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ArtifactException($"artifact {digest} cannot be kept in {_folder}: {e.Message}", e);
        }
        finally
        {
            Remove(archive);
            Remove(temporary);
        }
    }

    private async Task DownloadAsync(string digest, string archive, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long total = 0;
        await using (var target = new FileStream(archive, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0, FileOptions.Asynchronous))
        await using (var source = await OpenAsync(digest, ct).ConfigureAwait(false))
        {
            var block = new byte[BlockBytes];
            while (await ReadAsync(source, block, ct).ConfigureAwait(false) is > 0 and var read)
            {
                total += read;
                if (total > ArtifactLimits.TotalBytes)
                {
                    throw new ArtifactException($"the archive is larger than {ArtifactLimits.TotalBytes >> 30} GiB");
                }

                hash.AppendData(block, 0, read);
                await target.WriteAsync(block.AsMemory(0, read), ct).ConfigureAwait(false);
            }
        }

        var got = DigestPrefix + Convert.ToHexStringLower(hash.GetHashAndReset());
        if (got != digest)
        {
            throw new ArtifactException($"what was downloaded ({total:N0} bytes) is corrupt: expected {digest}, got {got}");
        }
    }

    private async Task<Stream> OpenAsync(string digest, CancellationToken ct)
    {
        try
        {
            return await _download(digest, ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or InvalidOperationException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw new ArtifactException($"the download failed: {e.Message}", e);
        }
    }

    private static async ValueTask<int> ReadAsync(Stream source, byte[] block, CancellationToken ct)
    {
        try
        {
            return await source.ReadAsync(block, ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or HttpRequestException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw new ArtifactException($"the download broke off: {e.Message}", e);
        }
    }

    /// <summary>Everything is on disk before the name appears, so a folder of that name is complete even after a power failure.</summary>
    private void Publish(string temporary, string final)
    {
        WithFolder(temporary, Libc.SyncFileSystem);
        Directory.Move(temporary, final);
        WithFolder(_folder, Libc.Sync);
    }

    private static void WithFolder(string folder, Func<int, int> sync)
    {
        var descriptor = Libc.Open(folder, Libc.OpenRead | Libc.CloseOnExec, 0);
        try
        {
            if (descriptor < 0 || sync(descriptor) != 0)
            {
                throw new IOException($"writing {folder} to disk failed: {System.Runtime.InteropServices.Marshal.GetLastPInvokeErrorMessage()}");
            }
        }
        finally
        {
            if (descriptor >= 0)
            {
                Libc.Close(descriptor);
            }
        }
    }

    private static void Remove(string path)
    {
        try
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
            else
            {
                File.Delete(path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is cleared when the agent starts again; its name is never used.
        }
    }

    private static string ReadDigest(string digest) =>
        digest.Length == DigestPrefix.Length + 64
            && digest.StartsWith(DigestPrefix, StringComparison.Ordinal)
            && digest.AsSpan(DigestPrefix.Length).IndexOfAnyExcept("0123456789abcdef") < 0
            ? digest[DigestPrefix.Length..]
            : throw new ArtifactException($"'{digest}' is not a digest: expected sha256: and 64 hex digits in lower case");

    private sealed class Fetch
    {
        public Task<string> Task { get; set; } = null!;

        public CancellationTokenSource Abandoned { get; } = new();

        public int Callers { get; set; }
    }
}
