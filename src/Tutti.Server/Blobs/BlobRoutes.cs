using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tutti.Server.Api;
using Tutti.Server.Hosting;

namespace Tutti.Server.Blobs;

/// <summary>Artifacts by content hash.</summary>
internal static class BlobRoutes
{
    private const int NoSpace = 28; // ENOSPC
    private const int OverQuota = 122; // EDQUOT

    public static void MapBlobs(this IEndpointRouteBuilder api, ServerContext server)
    {
        api.MapMethods("/blobs/{digest}", ["GET", "HEAD"], (string digest) => Read(server.Blobs, digest))
            .WithTags("Blobs")
            .WithSummary("An artifact's bytes")
            .Produces<Stream>(contentType: "application/octet-stream");
        api.MapPut("/blobs/{digest}", (HttpContext context, string digest) => WriteAsync(server.Blobs, server.BlobBound, context, digest))
            .WithTags("Blobs")
            .WithSummary("Keeps an artifact; refused where its content has another hash")
            .Accepts<Stream>("*/*");
    }

    private static Results<PhysicalFileHttpResult, ProblemAnswer> Read(BlobFolder blobs, string digest)
    {
        if (!BlobDigest.TryParse(digest, out var name))
        {
            return NoDigest(digest);
        }

        return blobs.Find(name) is { } path
            ? TypedResults.PhysicalFile(path, "application/octet-stream", enableRangeProcessing: true)
            : ProblemAnswer.NotFound($"there is no blob {name}; send it with PUT first");
    }

    private static async Task<Results<Created, ProblemAnswer>> WriteAsync(BlobFolder blobs, BodyBound bound, HttpContext context, string digest)
    {
        if (!BlobDigest.TryParse(digest, out var name))
        {
            return NoDigest(digest);
        }

        var tooLarge = ProblemAnswer.TooLarge($"blob {name} is over {bound}");
        if (!await bound.AdmitAsync(context))
        {
            return tooLarge;
        }

        try
        {
            var found = await blobs.WriteAsync(name, context.Request.Body, context.RequestAborted);
            return found == name
                ? TypedResults.Created($"/api/blobs/{name}")
                : ProblemAnswer.Invalid($"the content sent as {name} has the hash {found}: it was changed on the way or named wrongly; nothing was kept");
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return tooLarge;
        }
        catch (IOException e) when ((e.HResult & 0xffff) is NoSpace or OverQuota)
        {
            return ProblemAnswer.Of(507, "disk-full", "Disk full", $"the server's disk is full: blob {name} was not kept; free some space in its data folder and send it again");
        }
    }

    private static ProblemAnswer NoDigest(string text) =>
        ProblemAnswer.Malformed($"'{(text.Length > 100 ? text[..100] + "…" : text)}' is not a content hash: sha256: and 64 lower-case hex digits");
}
