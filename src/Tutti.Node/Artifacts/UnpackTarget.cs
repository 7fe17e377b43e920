#pragma warning disable CA1416 // Tutti runs on Linux only.
namespace Tutti.Node.Artifacts;

/// <summary>The folder that an archive is unpacked into. It follows no link, writes over nothing and keeps the bounds.</summary>
/// <remarks>Of a file's mode only "executable" is kept: files are 644 or 755, folders 755, so no setuid, setgid or sticky bit survives.</remarks>
internal sealed class UnpackTarget(string root)
{
    private const UnixFileMode Plain =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const UnixFileMode Program = Plain | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const int BlockBytes = 128 * 1024;

    private readonly Dictionary<string, Kind> _known = new(StringComparer.Ordinal) { [""] = Kind.Folder };
    private readonly byte[] _block = new byte[BlockBytes];
    private int _entries;
    private long _bytes;

    private enum Kind
    {
        Folder,
        File,
        Link,
    }

    /// <summary>Makes a folder; one that is there already is fine.</summary>
    public void AddFolder(string path)
    {
        Count(path);
        MakeFolders(path, EntryPath.Parse(path));
    }

    /// <summary>Writes a file.</summary>
    public async Task AddFileAsync(string path, Stream? content, bool executable, CancellationToken ct)
    {
        var file = Claim(path, EntryPath.Parse(path), Kind.File);
        await using var target = new FileStream(file, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            BufferSize = 0,
            UnixCreateMode = executable ? Program : Plain,
        });

        // The mode above is subject to the agent's umask.
        File.SetUnixFileMode(target.SafeFileHandle, executable ? Program : Plain);
        while (content is not null && await content.ReadAsync(_block, ct).ConfigureAwait(false) is > 0 and var read)
        {
            CountBytes(read);
            await target.WriteAsync(_block.AsMemory(0, read), ct).ConfigureAwait(false);
        }
    }

    /// <summary>Makes a symbolic link that stays inside.</summary>
    public void AddSymbolicLink(string path, string target)
    {
        var parts = EntryPath.Parse(path);
        EntryPath.CheckLink(path, parts.Length - 1, target);
        File.CreateSymbolicLink(Claim(path, parts, Kind.Link), target);
    }

    /// <summary>Copies a file that came earlier in the archive. A copy, so that writing to one name never changes the other.</summary>
    public void AddHardLink(string path, string target)
    {
        var from = string.Join('/', EntryPath.Parse(target));
        if (_known.GetValueOrDefault(from, Kind.Folder) != Kind.File)
        {
            throw new ArtifactException($"the hard link '{path}' leads to '{target}', which is not a file that came before it in the archive");
        }

        var source = Path.Combine(root, from);
        CountBytes(new FileInfo(source).Length);
        File.Copy(source, Claim(path, EntryPath.Parse(path), Kind.File));
    }

    private string Claim(string path, string[] parts, Kind kind)
    {
        Count(path);
        if (parts.Length == 0)
        {
            throw new ArtifactException($"'{path}' names the artifact's own folder");
        }

        MakeFolders(path, parts.AsSpan(0, parts.Length - 1));
        var relative = string.Join('/', parts);
        return _known.TryAdd(relative, kind) ? Path.Combine(root, relative) : throw new ArtifactException($"'{path}' is in the archive twice");
    }

    private void MakeFolders(string path, ReadOnlySpan<string> parts)
    {
        var relative = "";
        foreach (var part in parts)
        {
            relative = relative.Length == 0 ? part : relative + "/" + part;
            if (!_known.TryGetValue(relative, out var kind))
            {
                var folder = Path.Combine(root, relative);
                Directory.CreateDirectory(folder);
                File.SetUnixFileMode(folder, Program);
                _known[relative] = Kind.Folder;
                Count(path);
            }
            else if (kind != Kind.Folder)
            {
                throw new ArtifactException($"'{path}' goes through '{relative}', which is a {(kind == Kind.Link ? "link" : "file")}");
            }
        }
    }

    private void Count(string path)
    {
        if (++_entries > ArtifactLimits.Entries)
        {
            throw new ArtifactException($"more than {ArtifactLimits.Entries:N0} entries, at '{path}'");
        }
    }

    private void CountBytes(long bytes)
    {
        _bytes += bytes;
        if (_bytes > ArtifactLimits.TotalBytes)
        {
            throw new ArtifactException($"more than {ArtifactLimits.TotalBytes >> 30} GiB unpacked");
        }
    }
}
