namespace Tutti.Node.Upstreams.Loops;

/// <summary>The event loops of one agent, started when the first is needed.</summary>
internal sealed class LoopGroup : IAsyncDisposable
{
    /// <summary>More loops are of no use to one machine's upstreams; as many as it has cores otherwise.</summary>
    public const int Most = 4;

    private readonly Lock _gate = new();
    private EventLoop[] _loops = [];
    private int _next;

    /// <summary>All of them; none before the first was needed.</summary>
    public ReadOnlySpan<EventLoop> All => Volatile.Read(ref _loops);

    /// <summary>One after the other, for listeners.</summary>
    /// <exception cref="IOException">The machine has no descriptors left.</exception>
    public EventLoop Next()
    {
        lock (_gate)
        {
            if (_loops.Length == 0)
            {
                Volatile.Write(ref _loops, [.. Enumerable.Range(0, Math.Clamp(Environment.ProcessorCount, 1, Most)).Select(i => new EventLoop(i))]);
            }

            return _loops[_next++ % _loops.Length];
        }
    }

    /// <summary>The one with the fewest sockets, for connections.</summary>
    /// <param name="here">Where the connection came in; it stays there where no other has clearly less.</param>
    public EventLoop LeastBusy(EventLoop here)
    {
        var best = here;
        foreach (var loop in All)
        {
            best = loop.Sockets + 1 < best.Sockets ? loop : best;
        }

        return best;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        EventLoop[] ending;
        lock (_gate)
        {
            ending = _loops;
            _loops = [];
        }

        foreach (var loop in ending)
        {
            loop.Stop();
        }

        foreach (var loop in ending)
        {
            await loop.Ended.ConfigureAwait(false);
        }
    }
}
