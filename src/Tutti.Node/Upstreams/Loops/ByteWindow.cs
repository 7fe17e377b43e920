namespace Tutti.Node.Upstreams.Loops;

/// <summary>What was received and is not used up yet. Holds a buffer only while there is something in it.</summary>
internal sealed class ByteWindow(EventLoop loop)
{
    private byte[]? _buffer;
    private int _start;
    private int _end;

    public int Length => _end - _start;

    /// <summary>Nothing more fits, even when what is used up is given away.</summary>
    public bool Full => Length == BufferStack.Bytes;

    public ReadOnlySpan<byte> Span => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Receives as much as fits; answers as <see cref="LoopSocket.Receive"/> does.</summary>
    public int Fill(LoopSocket from)
    {
        _buffer ??= loop.Buffers.Rent();
        if (_start > 0 && _end == _buffer.Length)
        {
            _buffer.AsSpan(_start, Length).CopyTo(_buffer);
            (_start, _end) = (0, Length);
        }

        var count = from.Receive(_buffer.AsSpan(_end));
        _end += Math.Max(0, count);
        Rest();
        return count;
    }

    /// <summary>The first bytes are used up.</summary>
    public void Use(int count)
    {
        _start += count;
        Rest();
    }

    /// <summary>Nothing of it is wanted any more.</summary>
    public void Clear() => Use(Length);

    private void Rest()
    {
        if (_start == _end && _buffer is not null)
        {
            loop.Buffers.Return(_buffer);
            (_buffer, _start, _end) = (null, 0, 0);
        }
    }
}
