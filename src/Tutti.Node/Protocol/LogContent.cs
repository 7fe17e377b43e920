using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Tutti.Node.Protocol;

/// <summary>A request body that grows as log lines come; each line leaves at once.</summary>
internal sealed class LogContent : HttpContent
{
    private readonly IAsyncEnumerable<string> _lines;

    public LogContent(IAsyncEnumerable<string> lines)
    {
        _lines = lines;
        Headers.ContentType = new MediaTypeHeaderValue("text/plain", "utf-8");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await stream.FlushAsync(cancellationToken);
        await foreach (var line in _lines.WithCancellation(cancellationToken))
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), cancellationToken);
            await stream.FlushAsync(cancellationToken);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
