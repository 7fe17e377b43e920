using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Tutti.Model.Quantities;

namespace Tutti.Server.Api;

/// <summary>Largest body of an endpoint, in bytes.</summary>
internal sealed record BodyBound(long Bytes)
{
    /// <summary>Commands: 64 KiB.</summary>
    public static readonly BodyBound Small = new(64 << 10);

    /// <summary>Manifests in JSON, and reports: 16 MiB.</summary>
    public static readonly BodyBound Large = new(16 << 20);

    /// <summary>Read and dropped of a body that is refused, so that its sender gets to read why.</summary>
    private const long MostDropped = 64 << 20;

    /// <summary>Sets the bound for this request. False: it states a longer body, which is not to be read.</summary>
    public async ValueTask<bool> AdmitAsync(HttpContext context)
    {
        var feature = context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>();
        if (context.Request.ContentLength is not { } stated || stated <= Bytes)
        {
            feature.MaxRequestBodySize = Bytes;
            return true;
        }

        // A client that is still sending when the connection closes sees a broken pipe and not the answer. Who waits for
        // a 100 (Continue) has not begun, and is best answered at once.
        if (!context.Request.Headers.Expect.Contains("100-continue"))
        {
            feature.MaxRequestBodySize = null;
            await DropAsync(context);
        }

        return false;
    }

    public override string ToString() => new ByteSize(Bytes) + "B";

    private static async Task DropAsync(HttpContext context)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
        try
        {
            var dropped = 0L;
            int read;
            while (dropped < MostDropped && (read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0)
            {
                dropped += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
