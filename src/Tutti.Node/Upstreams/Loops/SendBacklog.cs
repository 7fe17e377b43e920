using System.Buffers;

namespace Tutti.Node.Upstreams.Loops;

/// <summary>What a socket was given to send and the kernel has not taken yet. Holds a buffer only while there is something.</summary>
internal sealed class SendBacklog
{
    private byte[]? _buffer;
    private int _start;
    private int _end;

    public bool IsEmpty => _buffer is null;

    public ReadOnlySpan<byte> Span => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Copies some more to its end.</summary>
    public void Keep(ReadOnlySpan<byte> bytes)
    {
        var length = _end - _start;
        if (_buffer is null || _buffer.Length - _end < bytes.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(length + bytes.Length);
            Span.CopyTo(larger);
            Clear();
            (_buffer, _end) = (larger, length);
        }

        bytes.CopyTo(_buffer.AsSpan(_end));
        _end += bytes.Length;
    }

    /// <summary>The first bytes are sent.</summary>
    public void Use(int count)
    {
        _start += count;
        if (_start == _end)
        {
            Clear();
        }
    }

    /// <summary>Gives up what is left.</summary>
    public void Clear()
    {
        if (_buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            (_buffer, _start, _end) = (null, 0, 0);
        }
    }
}
