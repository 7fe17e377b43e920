using System.Buffers;
using System.Security.Cryptography;

namespace Tutti.Server.Blobs;

/// <summary>Artifacts on disk by content hash. A blob is there whole and checked, or not at all.</summary>
internal sealed class BlobFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly string _folder;
    private readonly string _incoming;
    private readonly Func<string, FileStream> _create;

    /// <param name="folder">Made where missing; what an interrupted upload left is removed.</param>
    /// <param name="create">Makes the file that an upload is written to; tests put a full disk here.</param>
    public BlobFolder(string folder, Func<string, FileStream>? create = null)
    {
        _folder = folder;
        _incoming = Path.Combine(folder, "incoming");
        _create = create ?? Create;
        if (Directory.Exists(_incoming))
        {
            Directory.Delete(_incoming, recursive: true);
        }

        Directory.CreateDirectory(_incoming);
    }

    /// <summary>The blob's file, or null where there is none.</summary>
    public string? Find(BlobDigest digest)
    {
        var path = PathOf(digest);
        return File.Exists(path) ? path : null;
    }

    /// <summary>Writes a blob while checking its hash; it appears under its name only when it is whole and on disk.</summary>
    /// <returns>The hash of what was read; where it is another than <paramref name="digest"/> nothing is kept.</returns>
    /// <exception cref="IOException">The disk failed or is full; nothing is kept.</exception>
    public async Task<BlobDigest> WriteAsync(BlobDigest digest, Stream content, CancellationToken cancellation)
    {
        var temporary = Path.Combine(_incoming, Guid.NewGuid().ToString("N"));
        try
        {
            BlobDigest found;
            await using (var file = _create(temporary))
            {
                found = await CopyAsync(content, file, cancellation);
                if (found == digest)
                {
                    await Task.Run(() => file.Flush(flushToDisk: true), cancellation);
                }
            }

            if (found == digest)
            {
                File.Move(temporary, PathOf(digest), overwrite: true);
                FolderSync.ToDisk(_folder);
            }

            return found;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static async Task<BlobDigest> CopyAsync(Stream content, FileStream file, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(128 << 10);
        try
        {
            int read;
            while ((read = await content.ReadAsync(buffer, cancellation)) > 0)
            {
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), cancellation);
            }

            await file.FlushAsync(cancellation);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return BlobDigest.TryParse("sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset()), out var digest)
            ? digest
            : throw new InvalidOperationException("a SHA-256 hash is always a digest");
    }

    private static FileStream Create(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.CreateNew,
        Access = FileAccess.Write,
        Share = FileShare.None,
        BufferSize = 0,
        Options = FileOptions.Asynchronous,
        UnixCreateMode = OwnerOnly,
    });

    private string PathOf(BlobDigest digest) => Path.Combine(_folder, digest.Hex);
}
