using System.Collections.Immutable;
using Tutti.Cli.Manifest;
using Tutti.Model.Manifest;

namespace Tutti.Cli.Apply;

/// <summary>One service or job and the artifact that it runs from.</summary>
/// <param name="Owner"><c>service web</c> or <c>job settle</c>.</param>
/// <param name="Path">As the manifest spells it.</param>
/// <param name="FullPath">On this machine.</param>
/// <param name="Build">Command that makes it; empty: none.</param>
internal sealed record ArtifactUse(string Owner, string Path, string FullPath, ImmutableArray<string> Build)
{
    public bool IsThere => System.IO.Path.Exists(FullPath);

    /// <summary>Those of a manifest that are taken from this machine, services first. One whose content hash is written is taken from the server.</summary>
    public static IReadOnlyList<ArtifactUse> Of(ManifestFile manifest)
    {
        var services = manifest.Spec!.Services.Select(pair => (Owner: $"service {pair.Key}", pair.Value.Run));
        var jobs = manifest.Spec.Jobs.Select(pair => (Owner: $"job {pair.Key}", Run: (RunSpec?)pair.Value.Run));
        return
        [
            .. from use in services.Concat(jobs)
               where use.Run is { Artifact: not null, Digest: null }
               let path = use.Run.Artifact
               select new ArtifactUse(use.Owner, path, System.IO.Path.GetFullPath(path, manifest.Folder), use.Run.Build),
        ];
    }
}
