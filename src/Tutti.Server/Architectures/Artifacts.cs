using System.Collections.Immutable;
using Tutti.Model.Manifest;
using Tutti.Model.Problems;
using Tutti.Server.Api;
using Tutti.Server.Blobs;

namespace Tutti.Server.Architectures;

/// <summary>A manifest whose artifacts are named by content hash, or every reason why that cannot be done.</summary>
internal sealed record FilledSpec(ArchitectureSpec Spec, ImmutableArray<Problem> Problems)
{
    /// <summary>The answer that names every artifact that cannot be used; null: all can.</summary>
    public ProblemAnswer? Refusal(string file) => Problems.Length == 0
        ? null
        : ProblemAnswer.Invalid($"{file}: {Problems.Length} {(Problems.Length == 1 ? "artifact" : "artifacts")} cannot be used; nothing was changed", Problems);
}

/// <summary>Fills content hashes into the artifacts of services and jobs.</summary>
internal static class Artifacts
{
    /// <summary>Every artifact must be in the blob store: by the hash that the manifest writes (an exported one does), or by the hash that was sent with it.</summary>
    public static FilledSpec Fill(ArchitectureSpec spec, ApplyRequest request, BlobFolder blobs)
    {
        var problems = ImmutableArray.CreateBuilder<Problem>();
        var filled = Map(spec, (path, run) =>
        {
            var (field, found) = run.Digest is null ? ("artifact", run.Artifact) : ("digest", run.Digest);
            var (digest, message) = run.Digest is null ? Resolve(run.Artifact!, request.Artifacts, blobs) : Written(run, blobs);
            if (message is not null)
            {
                problems.Add(new Problem { Rule = "artifact-missing", Message = $"{path}.{field}: {message}", File = request.File, Path = $"{path}.{field}", Found = found });
            }

            return digest;
        });
        return new FilledSpec(filled, problems.ToImmutable());
    }

    /// <summary>An artifact whose hash is neither written nor given is taken to be what the current set has under the same path.</summary>
    public static ArchitectureSpec FillForPlan(ArchitectureSpec spec, ApplyRequest request, ArchitectureSpec? current)
    {
        var known = (current?.Services.Values.Select(service => service.Run) ?? [])
            .Concat(current?.Jobs.Values.Select(job => job.Run) ?? [])
            .Where(run => run is { Artifact: not null, Digest: not null })
            .GroupBy(run => run!.Artifact!, run => run!.Digest)
            .ToDictionary(group => group.Key, group => group.First());
        return Map(spec, (_, run) => run.Digest ?? request.Artifacts.GetValueOrDefault(run.Artifact!) ?? known.GetValueOrDefault(run.Artifact!));
    }

    private static (string? Digest, string? Message) Written(RunSpec run, BlobFolder blobs)
    {
        if (BlobDigest.TryParse(run.Digest, out var digest) && blobs.Find(digest) is not null)
        {
            return (run.Digest, null);
        }

        return (null, $"the server does not have the artifact {run.Digest} that the manifest names; apply it to the server it was exported from, "
            + (run.Artifact is null ? "or send it with PUT /api/blobs first" : $"or remove this line, so that '{run.Artifact}' is built and sent"));
    }

    private static (string? Digest, string? Message) Resolve(string artifact, ImmutableSortedDictionary<string, string> sent, BlobFolder blobs)
    {
        if (!sent.TryGetValue(artifact, out var text))
        {
            return (null, $"no content hash was given for artifact '{artifact}'; send it with PUT /api/blobs and name its hash under artifacts");
        }

        if (!BlobDigest.TryParse(text, out var digest))
        {
            return (null, $"artifact '{artifact}' has the hash '{text}', which is not sha256: and 64 lower-case hex digits");
        }

        return blobs.Find(digest) is null
            ? (null, $"the server does not have artifact '{artifact}' ({digest}); send it with PUT /api/blobs/{digest}")
            : (digest.ToString(), null);
    }

    private static ArchitectureSpec Map(ArchitectureSpec spec, Func<string, RunSpec, string?> digestOf) => spec with
    {
        Services = spec.Services.ToImmutableSortedDictionary(
            entry => entry.Key,
            entry => entry.Value.Run is { } run && HasArtifact(run)
                ? entry.Value with { Run = run with { Digest = digestOf($"services.{entry.Key}.run", run) } }
                : entry.Value),
        Jobs = spec.Jobs.ToImmutableSortedDictionary(
            entry => entry.Key,
            entry => entry.Value.Run is { } run && HasArtifact(run)
                ? entry.Value with { Run = run with { Digest = digestOf($"jobs.{entry.Key}.run", run) } }
                : entry.Value),
    };

    private static bool HasArtifact(RunSpec run) => run.Artifact is not null || run.Digest is not null;
}
