namespace Tutti.Node.Artifacts;

/// <summary>Artifacts of this node, fetched and unpacked once per content hash.</summary>
internal interface IArtifactCache
{
    /// <summary>The folder with the unpacked content.</summary>
    /// <exception cref="ArtifactException">Corrupt, a path that escapes, or not found.</exception>
    Task<string> EnsureAsync(string digest, CancellationToken ct);
}

/// <summary>An artifact cannot be used; the message names it and why.</summary>
internal sealed class ArtifactException(string message, Exception? inner = null) : Exception(message, inner);
