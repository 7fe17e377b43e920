namespace Tutti.Node.Artifacts;

/// <summary>Bounds of an artifact, packed and unpacked.</summary>
internal static class ArtifactLimits
{
    /// <summary>Files, folders and links.</summary>
    public const int Entries = 100_000;

    /// <summary>Of the archive, and of everything in it.</summary>
    public const long TotalBytes = 4L * 1024 * 1024 * 1024;

    /// <summary>Of one path inside it, in bytes of UTF-8.</summary>
    public const int PathBytes = 1024;

    /// <summary>Of one part of a path, which is what Linux file systems take.</summary>
    public const int NameBytes = 255;
}
