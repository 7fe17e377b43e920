using System.Collections.Immutable;
using Tutti.Model.Problems;

namespace Tutti.Model.Manifest;

/// <summary>Reads and validates a manifest: all problems at once, each tied to its place.</summary>
public static class ManifestReader
{
    /// <summary>Reads YAML (or JSON, which is YAML).</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="file">Its name in messages.</param>
    /// <param name="fileExists">Tells whether a path relative to the manifest exists (workflow files); null: not checked.</param>
    public static ManifestReading Read(string yaml, string file, Func<string, bool>? fileExists = null) => throw new NotImplementedException();
}

/// <summary>What reading gave: an architecture where there is no error, and every problem in order of place.</summary>
public sealed record ManifestReading(ArchitectureSpec? Spec, ImmutableArray<Problem> Problems);
