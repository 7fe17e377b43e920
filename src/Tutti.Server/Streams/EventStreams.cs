using Microsoft.AspNetCore.Http;

namespace Tutti.Server.Streams;

/// <summary>Every open watch: one timer keeps all of them alive, and all end with the server.</summary>
internal sealed class EventStreams : IDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<EventStream> _open = [];
    private readonly Timer _alive;
    private bool _ended;

    /// <param name="comment">How often a comment is sent.</param>
    public EventStreams(TimeSpan comment) => _alive = new Timer(_ => SendComment(), null, comment, comment);

    /// <summary>How many are open.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _open.Count;
            }
        }
    }

    public EventStream Open(HttpContext context)
    {
        var stream = new EventStream(context);
        lock (_gate)
        {
            if (_ended)
            {
                stream.End();
            }
            else
            {
                _open.Add(stream);
            }
        }

        return stream;
    }

    public void Close(EventStream stream)
    {
        stream.End();
        lock (_gate)
        {
            _open.Remove(stream);
        }
    }

    /// <summary>Ends every watch and every later one at once.</summary>
    public void EndAll()
    {
        lock (_gate)
        {
            _ended = true;
            foreach (var stream in _open)
            {
                stream.End();
            }
        }
    }

    public void Dispose()
    {
        _alive.Dispose();
        EndAll();
    }

    private void SendComment()
    {
        lock (_gate)
        {
            foreach (var stream in _open)
            {
                stream.TrySend(EventFrame.Comment);
            }
        }
    }
}
