using Tutti.Node.Artifacts;

namespace Tutti.Cli.Apply;

/// <summary>An artifact in one file.</summary>
/// <param name="Digest"><c>sha256:</c> and 64 hex digits.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Path">The file to send.</param>
internal sealed record PackedFile(string Digest, long Size, string Path)
{
    /// <summary>Packs a folder, or takes an archive as it is.</summary>
    public static async Task<PackedFile> PackAsync(string path, string targetFile, CancellationToken cancellation)
    {
        var packed = await ArtifactPacker.PackAsync(path, targetFile, cancellation);
        return new PackedFile(packed.Digest, packed.Size, packed.Path);
    }
}
