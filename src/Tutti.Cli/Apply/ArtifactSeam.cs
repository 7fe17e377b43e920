namespace Tutti.Cli.Apply;

/// <summary>Where the artifact packer and the schema of the manifest are called.</summary>
internal static class ArtifactSeam
{
    /// <summary>The manifest's JSON Schema.</summary>
    public static string Schema() => throw new NotImplementedException("ManifestSchema.Json");

    /// <summary>Packs a folder or archive.</summary>
    public static Task<PackedFile> PackAsync(string path, string targetFile, CancellationToken cancellation) =>
        throw new NotImplementedException("ArtifactPacker.PackAsync");
}

/// <summary>An artifact in one file.</summary>
/// <param name="Digest"><c>sha256:</c> and 64 hex digits.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Path">The file to send.</param>
internal sealed record PackedFile(string Digest, long Size, string Path);
