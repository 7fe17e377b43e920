using System.Runtime.CompilerServices;

namespace Tutti.Node.Upstreams.Loops;

/// <summary>Is told what happens to a socket besides what is awaited of it.</summary>
internal interface ISocketWatcher
{
    /// <summary>Something came in, or ended (<paramref name="hungUp"/>: in both directions, or it broke).</summary>
    void OnSocket(LoopSocket socket, bool hungUp);
}

/// <summary>What became of bytes that were to be sent.</summary>
internal enum SendOutcome
{
    /// <summary>The kernel has them.</summary>
    Sent,

    /// <summary>The rest is kept; nothing more is to be sent before <see cref="LoopSocket.Flushed"/>.</summary>
    Kept,

    /// <summary>The connection is broken.</summary>
    Broken,
}

/// <summary>Awaited, goes on when a socket has something to receive, or is closed.</summary>
internal readonly struct ReadableWait(LoopSocket socket) : ICriticalNotifyCompletion
{
    public bool IsCompleted => socket.MayReceive;

    public ReadableWait GetAwaiter() => this;

    public void GetResult()
    {
    }

    public void OnCompleted(Action continuation) => socket.WhenReadable(continuation);

    public void UnsafeOnCompleted(Action continuation) => socket.WhenReadable(continuation);
}

/// <summary>Awaited, goes on when a socket is connected and has sent everything, or is closed.</summary>
internal readonly struct FlushedWait(LoopSocket socket) : ICriticalNotifyCompletion
{
    public bool IsCompleted => socket.MaySend;

    public FlushedWait GetAwaiter() => this;

    public void GetResult()
    {
    }

    public void OnCompleted(Action continuation) => socket.WhenFlushed(continuation);

    public void UnsafeOnCompleted(Action continuation) => socket.WhenFlushed(continuation);
}
