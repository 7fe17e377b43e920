using System.Runtime.CompilerServices;

namespace Tutti.Node.Upstreams.Loops;

/// <summary>Something a loop does later, unless cancelled before.</summary>
internal sealed class LoopTimer(Action action)
{
    public bool Cancelled { get; private set; }

    public void Cancel() => Cancelled = true;

    public void Run()
    {
        if (!Cancelled)
        {
            Cancelled = true;
            action();
        }
    }
}

/// <summary>Awaited, goes on after a time, on the loop.</summary>
internal readonly struct LoopDelay(EventLoop loop, TimeSpan delay) : ICriticalNotifyCompletion
{
    public bool IsCompleted => false;

    public LoopDelay GetAwaiter() => this;

    public void GetResult()
    {
    }

    public void OnCompleted(Action continuation) => loop.After(delay, continuation);

    public void UnsafeOnCompleted(Action continuation) => loop.After(delay, continuation);
}

/// <summary>Awaited, goes on on the loop, wherever it comes from.</summary>
internal readonly struct LoopEntry(EventLoop loop) : ICriticalNotifyCompletion
{
    public bool IsCompleted => false;

    public LoopEntry GetAwaiter() => this;

    public void GetResult()
    {
    }

    public void OnCompleted(Action continuation) => loop.Post(continuation);

    public void UnsafeOnCompleted(Action continuation) => loop.Post(continuation);
}

/// <summary>What a loop watches.</summary>
internal interface IPollable
{
    /// <summary>The kernel says so; see epoll_ctl(2) for the bits.</summary>
    void OnEvents(uint events);
}

/// <summary>Buffers of one size for the connections of one loop; the one given back last is given out first, as it is still in the processor's cache.</summary>
internal sealed class BufferStack
{
    /// <summary>Length of each; what a head may have, and a little.</summary>
    public const int Bytes = 32 * 1024;

    private const int MostKept = 256;

    private readonly Stack<byte[]> _kept = new();

    public byte[] Rent() => _kept.TryPop(out var buffer) ? buffer : GC.AllocateUninitializedArray<byte>(Bytes);

    public void Return(byte[] buffer)
    {
        if (_kept.Count < MostKept)
        {
            _kept.Push(buffer);
        }
    }
}
