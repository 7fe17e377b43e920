using System.Collections.Immutable;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tutti.Control.Commands;
using Tutti.Control.State;
using Tutti.Control.Versions;
using Tutti.Model.Manifest;
using Tutti.Model.Problems;
using Tutti.Server.Api;
using Tutti.Server.Hosting;
using Tutti.Server.Transitions;

namespace Tutti.Server.Architectures;

/// <summary>Applying a manifest, and asking what that would change.</summary>
internal static class ApplyRoutes
{
    /// <summary>Largest manifest in bytes of UTF-8.</summary>
    public const int MostManifestBytes = 4 << 20;

    public static void MapApply(this IEndpointRouteBuilder api, ServerContext server)
    {
        api.MapPost("/apply", (JsonBody<ApplyRequest> body, CancellationToken gone) => ApplyAsync(server, body.Required, gone))
            .WithTags("Architectures")
            .WithSummary("Makes a version set of a manifest")
            .WithMetadata(BodyBound.Large);
        api.MapPost("/plan", (JsonBody<ApplyRequest> body) => Plan(server, body.Required))
            .WithTags("Architectures")
            .WithSummary("What applying a manifest would change; nothing is changed")
            .WithMetadata(BodyBound.Large);
    }

    private static async Task<Results<Ok<ChangeDocument>, ProblemAnswer>> ApplyAsync(ServerContext server, ApplyRequest request, CancellationToken gone)
    {
        var author = Author.Of(request.Author);
        if (!TryRead(server.ReadManifest, request, out var spec, out var warnings, out var answer))
        {
            return answer;
        }

        var filled = Artifacts.Fill(spec, request, server.Blobs);
        if (filled.Refusal(request.File) is { } unusable)
        {
            return unusable;
        }

        var result = await server.Commands.SubmitAsync(new ApplyManifest(filled.Spec, author, request.Message, request.AllowGap), gone);
        return ChangeAnswer.Of(result, spec.Name, () => null, warnings);
    }

    private static Results<Ok<PlanDocument>, ProblemAnswer> Plan(ServerContext server, ApplyRequest request)
    {
        if (!TryRead(server.ReadManifest, request, out var spec, out var warnings, out var answer))
        {
            return answer;
        }

        var (from, current) = server.Control.View.Read((state, _) => state.Architectures.Find(spec.Name) is { } found
            ? (found.CurrentSet, found.Destroyed ? null : state.Set(spec.Name, found.CurrentSet)?.Spec)
            : ((int?)null, (ArchitectureSpec?)null));
        var wanted = Artifacts.FillForPlan(spec, request, current);
        var refused = server.Control.View.Read((state, _) => RecordedReleases.Differences(state, wanted));
        return TypedResults.Ok(new PlanDocument
        {
            Architecture = spec.Name,
            FromSet = from,
            Changes = ServiceChangeDocument.Of(server.CompareSpecs(current, wanted)),
            Transition = server.Control.View.Read((state, _) => TransitionOutlook.Of(state, wanted, request.AllowGap)),
            Refused = refused,
            Warnings = warnings,
        });
    }

    /// <summary>Reads and validates what was sent; warnings are left in <paramref name="warnings"/>.</summary>
    public static bool TryRead(
        ReadManifest read, ApplyRequest request, out ArchitectureSpec spec, out ImmutableArray<Problem> warnings, out ProblemAnswer answer)
    {
        (spec, warnings, answer) = (null!, [], null!);
        var bytes = Encoding.UTF8.GetByteCount(request.Manifest);
        if (bytes > MostManifestBytes)
        {
            answer = ProblemAnswer.TooLarge($"{request.File} has {bytes} bytes; a manifest has at most {MostManifestBytes} (4Mi)");
            return false;
        }

        var reading = read(request.Manifest, request.File);
        var errors = reading.Problems.Count(problem => problem.Severity == Severity.Error);
        if (reading.Spec is null || errors > 0)
        {
            answer = ProblemAnswer.Invalid($"{request.File} has {Count(errors, "error")}; nothing was changed", reading.Problems);
            return false;
        }

        spec = reading.Spec;
        warnings = reading.Problems;
        return true;
    }

    private static string Count(int number, string thing) => $"{number} {thing}{(number == 1 ? "" : "s")}";
}
