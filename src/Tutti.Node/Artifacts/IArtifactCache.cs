namespace Tutti.Node.Artifacts;

/// <summary>Unpacked artifacts by content hash, one folder each.</summary>
internal interface IArtifactCache
{
    /// <summary>The folder of an artifact, which is downloaded and unpacked first where it is missing. Callers at the same time share one download.</summary>
    /// <exception cref="ArtifactException">It cannot be had; the message names the digest and the reason.</exception>
    Task<string> EnsureAsync(string digest, CancellationToken ct);

    /// <summary>Removes what nobody has used for some time; <see cref="ArtifactLimits"/> says how much is kept, and how long.</summary>
    /// <param name="inUse">Digests that some assignment of this node names: they are kept.</param>
    void Clean(IReadOnlySet<string> inUse);
}

/// <summary>An artifact cannot be packed, downloaded or unpacked; the message names it and the reason.</summary>
public sealed class ArtifactException(string message, Exception? inner = null) : Exception(message, inner);
