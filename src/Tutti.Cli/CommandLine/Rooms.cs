using Tutti.Cli.Apply;
using Tutti.Cli.Serving;
using Tutti.Decisions.Transitions;
using Tutti.Decisions.Versions.Solving;
using Tutti.Model.Manifest;

namespace Tutti.Cli.CommandLine;

/// <summary>What the commands ask of the other rooms; tests put their own in place.</summary>
internal sealed record Rooms
{
    /// <summary>Reads and validates a manifest: text, file name, whether a relative path exists.</summary>
    public Func<string, string, Func<string, bool>?, ManifestReading> ReadManifest { get; init; } = ManifestReader.Read;

    /// <summary>The same for the releases of a manifest only.</summary>
    public Func<string, string, Func<string, bool>?, ManifestReading> ReadReleases { get; init; } = ManifestReader.ReadReleases;

    /// <summary>The manifest's JSON Schema.</summary>
    public Func<string> ManifestSchema { get; init; } = Tutti.Model.Manifest.ManifestSchema.Json;

    /// <summary>Finds the best set of versions, or says why there is none.</summary>
    public Func<SolveQuestion, SolveAnswer> Solve { get; init; } = VersionSolver.Solve;

    /// <summary>Finds the way from what runs to what should.</summary>
    public Func<TransitionQuestion, TransitionPlan> Plan { get; init; } = TransitionPlanner.Plan;

    /// <summary>Packs an artifact (folder or archive) into one file.</summary>
    public PackArtifact Pack { get; init; } = PackedFile.PackAsync;

    /// <summary>Servers and agents in this process.</summary>
    public IServing Serving { get; init; } = new ProcessServing();
}

/// <summary>Packs the artifact at <paramref name="path"/> into <paramref name="targetFile"/>.</summary>
internal delegate Task<PackedFile> PackArtifact(string path, string targetFile, CancellationToken cancellation);
