namespace Tutti.Node.Artifacts;

/// <summary>Bounds of an artifact, packed and unpacked.</summary>
internal static class ArtifactLimits
{
    /// <summary>So many artifacts that no assignment names are kept, the last used first: for a rollback, or a service that comes back.</summary>
    public const int UnusedKept = 8;

    /// <summary>None of them longer than this.</summary>
    public static readonly TimeSpan UnusedKeptFor = TimeSpan.FromDays(7);

    /// <summary>Whatever was used so recently is kept in any case: an instance may be about to start from it.</summary>
    public static readonly TimeSpan Recently = TimeSpan.FromMinutes(30);

    /// <summary>How often they are looked through.</summary>
    public static readonly TimeSpan CleanEvery = TimeSpan.FromMinutes(10);

    /// <summary>Files, folders and links.</summary>
    public const int Entries = 100_000;

    /// <summary>Of the archive, and of everything in it.</summary>
    public const long TotalBytes = 4L * 1024 * 1024 * 1024;

    /// <summary>Of one path inside it, in bytes of UTF-8.</summary>
    public const int PathBytes = 1024;

    /// <summary>Of one part of a path, which is what Linux file systems take.</summary>
    public const int NameBytes = 255;
}
