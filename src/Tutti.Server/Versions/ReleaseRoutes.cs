using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tutti.Control.Commands;
using Tutti.Server.Api;
using Tutti.Server.Architectures;
using Tutti.Server.Hosting;

namespace Tutti.Server.Versions;

/// <summary>The catalogue of releases: what is recorded, and recording without deploying.</summary>
internal static class ReleaseRoutes
{
    private const string All = "/architectures/{architecture}/releases";

    public static void MapReleases(this IEndpointRouteBuilder api, ServerContext server)
    {
        var group = api.MapGroup("").WithTags("Versions");
        group.MapGet(All, (string architecture, string? service) => Find(server, architecture, service))
            .WithSummary("Every release, by service and newest first: what it accepts, which sets have it, where it runs");
        group.MapPost(All, (string architecture, JsonBody<ApplyRequest> body, CancellationToken gone) => AddAsync(server, architecture, body.Required, gone))
            .WithSummary("Records the releases of a manifest without deploying them")
            .WithMetadata(BodyBound.Large);
    }

    private static Results<Ok<ReleaseDocument[]>, ProblemAnswer> Find(ServerContext server, string architecture, string? service)
    {
        var (catalogue, missing) = server.Control.View.Read((state, _) =>
        {
            var read = ReleaseView.Read(state, architecture, service);
            return (read, state.Architectures.Find(architecture) is null || (service is not null && read.Releases.IsEmpty)
                ? Missing.Release(state, architecture, service ?? "")
                : null);
        });
        return missing is not null ? missing : TypedResults.Ok(catalogue.ToDocuments());
    }

    private static async Task<Results<Ok<AddedReleasesDocument>, ProblemAnswer>> AddAsync(
        ServerContext server, string architecture, ApplyRequest request, CancellationToken gone)
    {
        var author = Author.Of(request.Author);
        if (!ApplyRoutes.TryRead(server.ReadReleases, request, out var spec, out var warnings, out var answer))
        {
            return answer;
        }

        // What stands beside the services is no part of a release: its artifacts need not be there.
        var filled = Artifacts.Fill(spec with { Name = architecture, Jobs = spec.Jobs.Clear() }, request, server.Blobs);
        if (filled.Refusal(request.File) is { } unusable)
        {
            return unusable;
        }

        var result = await server.Commands.SubmitAsync(new AddReleases(filled.Spec, author), gone);
        return result.Refusal is { } refusal
            ? ProblemAnswer.Of(refusal)
            : TypedResults.Ok(new AddedReleasesDocument
            {
                Revision = result.Revision,
                Architecture = architecture,
                Recorded = [.. result.Recorded.Select(name => new ReleaseNameDocument(name.Service, name.Version))],
                Changed = result.Changed,
                Warnings = warnings,
            });
    }
}
