using System.Collections.Immutable;
using Tutti.Cli.Client;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Manifest;
using Tutti.Cli.Output;

namespace Tutti.Cli.Apply;

/// <summary>Packs the artifacts of a manifest and sends to the server those that it does not have.</summary>
internal sealed class ArtifactUploads(Terminal terminal, PackArtifact pack)
{
    /// <summary>Packs and sends each distinct artifact once; returns the content hash of each path.</summary>
    public Task<ImmutableSortedDictionary<string, string>> SendAsync(ManifestFile manifest, ApiClient api, CancellationToken cancellation) =>
        EachAsync(manifest, (path, packed) => SendAsync(path, packed, api, cancellation), cancellation);

    /// <summary>Only packs those that are there, to know their content hashes.</summary>
    public Task<ImmutableSortedDictionary<string, string>> DigestsAsync(ManifestFile manifest, CancellationToken cancellation) =>
        EachAsync(manifest, (_, _) => Task.CompletedTask, cancellation);

    private async Task<ImmutableSortedDictionary<string, string>> EachAsync(
        ManifestFile manifest, Func<string, PackedFile, Task> use, CancellationToken cancellation)
    {
        var digests = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var folder = Directory.CreateTempSubdirectory("tutti-pack-");
        try
        {
            foreach (var group in ArtifactUse.Of(manifest).Where(use => use.IsThere).GroupBy(use => use.FullPath))
            {
                var packed = await PackAsync(group.First(), Path.Combine(folder.FullName, "artifact"), cancellation);
                await use(group.First().Path, packed);
                foreach (var path in group.Select(one => one.Path).Distinct())
                {
                    digests[path] = packed.Digest;
                }
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        return digests.ToImmutable();
    }

    private async Task<PackedFile> PackAsync(ArtifactUse use, string target, CancellationToken cancellation)
    {
        try
        {
            return await pack(use.FullPath, target, cancellation);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // Whatever the packer refuses (a link that leads out, a size, a full disk) is about this artifact.
            throw CliException.Failed($"{use.Owner}: {failure.Message}");
        }
    }

    private async Task SendAsync(string path, PackedFile packed, ApiClient api, CancellationToken cancellation)
    {
        if (await api.ExistsAsync(Routes.Blob(packed.Digest), cancellation))
        {
            return;
        }

        await using var file = File.OpenRead(packed.Path);
        using var progress = new UploadProgress(file, packed.Size, path, terminal);
        await api.PutAsync(Routes.Blob(packed.Digest), progress, cancellation);
        progress.End();
    }
}
