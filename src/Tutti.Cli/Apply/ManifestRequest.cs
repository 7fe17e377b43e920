using Tutti.Cli.Client;
using Tutti.Cli.CommandLine;
using Tutti.Cli.Manifest;
using Tutti.Server.Api;

namespace Tutti.Cli.Apply;

/// <summary>Sends a manifest, with what it runs from, to the server.</summary>
internal static class ManifestRequest
{
    /// <summary>Sends the artifacts that the server lacks, then applies.</summary>
    public static async Task<ChangeDocument> ApplyAsync(
        Invocation invocation, ApiClient api, ManifestFile manifest, ApplyWish wish, CancellationToken cancellation)
    {
        var uploads = new ArtifactUploads(invocation.Terminal, invocation.Rooms.Pack);
        var request = Create(invocation, manifest, wish) with { Artifacts = await uploads.SendAsync(manifest, api, cancellation) };
        return await api.PostAsync<ChangeDocument>(Routes.Apply, request, cancellation);
    }

    /// <summary>Sends the artifacts that the server lacks, then records the releases in the manifest without deploying them.</summary>
    public static async Task<AddedReleasesDocument> RecordAsync(
        Invocation invocation, ApiClient api, ManifestFile manifest, string architecture, CancellationToken cancellation)
    {
        var uploads = new ArtifactUploads(invocation.Terminal, invocation.Rooms.Pack);
        var request = Create(invocation, manifest, new ApplyWish("", AllowGap: false)) with { Artifacts = await uploads.SendAsync(manifest, api, cancellation) };
        return await api.PostAsync<AddedReleasesDocument>(Routes.Releases(architecture), request, cancellation);
    }

    /// <summary>Asks what applying would change; nothing is sent but the text and the content hashes.</summary>
    public static async Task<PlanDocument> PlanAsync(
        Invocation invocation, ApiClient api, ManifestFile manifest, bool allowGap, CancellationToken cancellation)
    {
        var uploads = new ArtifactUploads(invocation.Terminal, invocation.Rooms.Pack);
        var request = Create(invocation, manifest, new ApplyWish("", allowGap)) with { Artifacts = await uploads.DigestsAsync(manifest, cancellation) };
        return await api.PostAsync<PlanDocument>(Routes.Plan, request, cancellation);
    }

    private static ApplyRequest Create(Invocation invocation, ManifestFile manifest, ApplyWish wish) => new()
    {
        Manifest = manifest.Text,
        File = manifest.Path,
        Author = invocation.Author,
        Message = wish.Message,
        AllowGap = wish.AllowGap,
    };
}

/// <summary>What is said beside a manifest.</summary>
/// <param name="Message">Why, in a line.</param>
/// <param name="AllowGap">Whether consumers may lack a pet for a while.</param>
internal sealed record ApplyWish(string Message, bool AllowGap);
