using System.Net;
using System.Net.Http.Headers;
using Tutti.Cli.Output;

namespace Tutti.Cli.Apply;

/// <summary>A body that says how far it is: a line that is redrawn on a terminal, one line at the end elsewhere.</summary>
internal sealed class UploadProgress : HttpContent
{
    private const int Block = 256 * 1024;
    private const long Large = 8 << 20;

    private readonly FileStream _file;
    private readonly long _size;
    private readonly string _name;
    private readonly Terminal _terminal;
    private int _percent = -1;

    public UploadProgress(FileStream file, long size, string name, Terminal terminal)
    {
        (_file, _size, _name, _terminal) = (file, size, name, terminal);
        Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
    }

    /// <summary>Says that all was sent.</summary>
    public void End() => _terminal.Error.WriteLine($"{Erase}sent {_name}, {Words.Size(_size)}");

    private string Erase => _percent >= 0 ? "\r\e[K" : "";

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var buffer = new byte[Block];
        long sent = 0;
        int count;
        while ((count = await _file.ReadAsync(buffer, cancellationToken)) > 0)
        {
            await stream.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            sent += count;
            Show(sent);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _file.Length;
        return true;
    }

    private void Show(long sent)
    {
        var percent = (int)(sent * 100 / Math.Max(1, _size));
        if (_terminal.Live && _size >= Large && percent != _percent)
        {
            _percent = percent;
            _terminal.Error.Write($"\r\e[Ksending {_name}: {percent}% of {Words.Size(_size)}");
        }
    }
}
