using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace Tutti.Node.Artifacts;

/// <summary>Unpacks tar, tar.gz and zip, told apart by their first bytes and not by their names.</summary>
internal static class ArchiveReader
{
    private const int TarMagicOffset = 257;
    private const int ZipUnixModeShift = 16;
    private const int ZipLinkBytes = ArtifactLimits.PathBytes + 1;
    private const int TypeMask = 0xF000;
    private const int TypeRegular = 0x8000;
    private const int TypeFolder = 0x4000;
    private const int TypeLink = 0xA000;
    private const int ExecutableMask = 0x49;

    /// <summary>Unpacks an archive into an empty folder.</summary>
    /// <exception cref="ArtifactException">Of no known format, damaged, too large, or holding what an artifact may not.</exception>
    public static async Task UnpackAsync(string archive, string folder, CancellationToken ct)
    {
        var target = new UnpackTarget(folder);
        await using var file = new FileStream(archive, FileMode.Open, FileAccess.Read, FileShare.Read, 128 * 1024, FileOptions.Asynchronous);
        var start = new byte[TarMagicOffset + 5];
        var read = await file.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, ct).ConfigureAwait(false);
        file.Position = 0;
        try
        {
            if (start.AsSpan(0, read).StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]))
            {
                await using var plain = new GZipStream(file, CompressionMode.Decompress);
                await UnpackTarAsync(plain, target, ct).ConfigureAwait(false);
            }
            else if (start.AsSpan(0, read).StartsWith("PK\u0003\u0004"u8) || start.AsSpan(0, read).StartsWith("PK\u0005\u0006"u8))
            {
                await UnpackZipAsync(file, target, ct).ConfigureAwait(false);
            }
            else if (start.AsSpan(TarMagicOffset).SequenceEqual("ustar"u8))
            {
                await UnpackTarAsync(file, target, ct).ConfigureAwait(false);
            }
            else
            {
                throw new ArtifactException("it is not a tar, tar.gz or zip archive");
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException or NotSupportedException)
        {
            throw new ArtifactException($"the archive is damaged: {e.Message}", e);
        }
    }

    private static async Task UnpackTarAsync(Stream stream, UnpackTarget target, CancellationToken ct)
    {
        await using var reader = new TarReader(stream, leaveOpen: true);
        while (await reader.GetNextEntryAsync(copyData: false, ct).ConfigureAwait(false) is { } entry)
        {
            switch (entry.EntryType)
            {
                case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile:
                    await target.AddFileAsync(entry.Name, entry.DataStream, ((int)entry.Mode & ExecutableMask) != 0, ct).ConfigureAwait(false);
                    break;
                case TarEntryType.Directory or TarEntryType.DirectoryList:
                    target.AddFolder(entry.Name);
                    break;
                case TarEntryType.SymbolicLink:
                    target.AddSymbolicLink(entry.Name, entry.LinkName);
                    break;
                case TarEntryType.HardLink:
                    target.AddHardLink(entry.Name, entry.LinkName);
                    break;
                case TarEntryType.GlobalExtendedAttributes:
                    break;
                default:
                    throw new ArtifactException($"'{entry.Name}' is a {entry.EntryType}, which an artifact may not hold");
            }
        }
    }

    private static async Task UnpackZipAsync(Stream stream, UnpackTarget target, CancellationToken ct)
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        foreach (var entry in zip.Entries)
        {
            if (entry.FullName.Contains('\\'))
            {
                throw new ArtifactException($"'{entry.FullName}' holds a backslash; paths in a zip archive are written with '/'");
            }

            var mode = (entry.ExternalAttributes >> ZipUnixModeShift) & 0xFFFF;
            if (entry.FullName.EndsWith('/'))
            {
                target.AddFolder(entry.FullName);
                continue;
            }

            await using var content = await entry.OpenAsync(ct).ConfigureAwait(false);
            switch (mode & TypeMask)
            {
                case 0 or TypeRegular:
                    await target.AddFileAsync(entry.FullName, content, (mode & ExecutableMask) != 0, ct).ConfigureAwait(false);
                    break;
                case TypeFolder:
                    target.AddFolder(entry.FullName);
                    break;
                case TypeLink:
                    target.AddSymbolicLink(entry.FullName, await ReadLinkAsync(content, ct).ConfigureAwait(false));
                    break;
                default:
                    throw new ArtifactException($"'{entry.FullName}' is a device, pipe or socket, which an artifact may not hold");
            }
        }
    }

    private static async Task<string> ReadLinkAsync(Stream content, CancellationToken ct)
    {
        var buffer = new byte[ZipLinkBytes];
        var read = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct).ConfigureAwait(false);
        return Encoding.UTF8.GetString(buffer, 0, read);
    }
}
