using System.Formats.Tar;
using System.Security.Cryptography;
using Tutti.Node.Runtimes;

namespace Tutti.Node.Artifacts;

/// <summary>An archive that can be sent to the server.</summary>
/// <param name="Digest">Of its bytes: <c>sha256:</c> and 64 hex digits.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Path">Where it is: the target file, or the archive that was given.</param>
public sealed record PackedArtifact(string Digest, long Size, string Path);

/// <summary>Makes one archive of a folder. The same content gives the same bytes, whoever packs it, where and when.</summary>
/// <remarks>A GNU tar: paths in ordinal order, no times, owner 0, files 644 or 755 and folders 755.</remarks>
public static class ArtifactPacker
{
    private const UnixFileMode Plain =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Packs a folder into the target file; an archive is taken as it is and the target not written.</summary>
    /// <exception cref="ArtifactException">Nothing is there, it is too large, or it holds a link that leads out, a device, a pipe or a socket.</exception>
    public static async Task<PackedArtifact> PackAsync(string folderOrArchivePath, string targetFile, CancellationToken cancellation)
    {
        try
        {
            if (File.Exists(folderOrArchivePath))
            {
                return await HashAsync(folderOrArchivePath, cancellation).ConfigureAwait(false);
            }

            if (!Directory.Exists(folderOrArchivePath))
            {
                throw new ArtifactException($"the artifact {folderOrArchivePath} does not exist");
            }

            await WriteAsync(folderOrArchivePath, targetFile, cancellation).ConfigureAwait(false);
            return await HashAsync(targetFile, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ArtifactException($"the artifact {folderOrArchivePath} cannot be packed: {e.Message}", e);
        }
    }

    private static async Task WriteAsync(string folder, string targetFile, CancellationToken cancellation)
    {
        var root = Path.GetFullPath(folder);
        var target = Path.GetFullPath(targetFile);
        var entries = new List<(string Name, FileSystemInfo Info)>();
        Collect(new DirectoryInfo(root), "", target, entries);
        entries.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));

        long total = 0;
        await using var file = new FileStream(target, FileMode.Create, FileAccess.Write, FileShare.None, 128 * 1024, FileOptions.Asynchronous);
        await using var tar = new TarWriter(file, TarEntryFormat.Gnu);
        foreach (var (name, info) in entries)
        {
            total += info is FileInfo { LinkTarget: null } plain ? plain.Length : 0;
            if (total > ArtifactLimits.TotalBytes)
            {
                throw new ArtifactException($"the artifact {folder} is larger than {ArtifactLimits.TotalBytes >> 30} GiB");
            }

            await WriteAsync(tar, name, info, cancellation).ConfigureAwait(false);
        }
    }

    private static void Collect(DirectoryInfo folder, string prefix, string target, List<(string Name, FileSystemInfo Info)> entries)
    {
        foreach (var info in folder.EnumerateFileSystemInfos())
        {
            var name = prefix + info.Name;
            if (info.FullName == target)
            {
                continue; // A target inside the folder does not pack itself.
            }

            if (entries.Count == ArtifactLimits.Entries)
            {
                throw new ArtifactException($"the artifact has more than {ArtifactLimits.Entries:N0} entries, at '{name}'");
            }

            var parts = EntryPath.Parse(name);
            if (info.LinkTarget is { } link)
            {
                EntryPath.CheckLink(name, parts.Length - 1, link);
                entries.Add((name, info));
            }
            else if (info is DirectoryInfo inner)
            {
                entries.Add((name + "/", info));
                Collect(inner, name + "/", target, entries);
            }
            else
            {
                RefuseSpecial(name, info);
                entries.Add((name, info));
            }
        }
    }

    private static void RefuseSpecial(string name, FileSystemInfo info)
    {
        // .NET shows a pipe as a file like any other, and opening one would wait for ever.
        if (!Libc.IsRegularFile(info.FullName))
        {
            throw new ArtifactException($"'{name}' is a device, a pipe or a socket, which an artifact may not hold");
        }
    }

    private static async Task WriteAsync(TarWriter tar, string name, FileSystemInfo info, CancellationToken cancellation)
    {
        var type = info.LinkTarget is not null ? TarEntryType.SymbolicLink
            : info is DirectoryInfo ? TarEntryType.Directory
            : TarEntryType.RegularFile;
        var entry = new GnuTarEntry(type, name)
        {
            ModificationTime = DateTimeOffset.UnixEpoch,
            AccessTime = default,
            ChangeTime = default,
            Mode = type == TarEntryType.RegularFile && (info.UnixFileMode & Executable) == 0 ? Plain : Plain | Executable,
            Uid = 0,
            Gid = 0,
            UserName = "",
            GroupName = "",
        };
        if (type == TarEntryType.SymbolicLink)
        {
            entry.LinkName = info.LinkTarget!;
        }

        await using var content = type == TarEntryType.RegularFile ? File.OpenRead(info.FullName) : null;
        entry.DataStream = content;
        await tar.WriteEntryAsync(entry, cancellation).ConfigureAwait(false);
    }

    private static async Task<PackedArtifact> HashAsync(string path, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(path);
        if (file.Length > ArtifactLimits.TotalBytes)
        {
            throw new ArtifactException($"the artifact {path} is larger than {ArtifactLimits.TotalBytes >> 30} GiB");
        }

        var hash = await SHA256.HashDataAsync(file, cancellation).ConfigureAwait(false);
        return new PackedArtifact("sha256:" + Convert.ToHexStringLower(hash), file.Length, path);
    }
}
