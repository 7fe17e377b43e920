using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Tutti.Node.Runtimes;

namespace Tutti.Node.Upstreams.Loops;

/// <summary>One thread that waits with epoll for all of its sockets and runs what waits for them. Everything of a connection happens on its
/// loop's thread, so that connections need no locks.</summary>
/// <remarks>The framework's own sockets hand every completion to the thread pool: two wake-ups of a thread for each half of a request, which is
/// more than the rest of a proxy's work. Code on a loop must not block. What it awaits must complete on the loop (a socket, a delay, another method on
/// it), as it then goes on there; after anything else it comes back through <see cref="Enter"/>.</remarks>
internal sealed class EventLoop
{
    /// <summary>Length of <see cref="Scratch"/> and <see cref="Assembly"/>.</summary>
    public const int ScratchBytes = 256 * 1024;

    private const int Capacity = 256;
    private const int CounterNonBlocking = 0x800 | Libc.CloseOnExec;

    private readonly int _epoll;
    private readonly int _counter;
    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly Queue<Action> _ready = new();
    private readonly PriorityQueue<LoopTimer, long> _timers = new();
    private readonly List<IPollable?> _slots = [null];
    private readonly List<uint> _generations = [0];
    private readonly Stack<int> _free = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _sockets;
    private int _signalled;
    private bool _stopping;

    /// <summary>Starts the thread.</summary>
    /// <exception cref="IOException">The machine has no descriptors left.</exception>
    public EventLoop(int index)
    {
        Index = index;
        _epoll = Libc.EpollCreate(Libc.CloseOnExec);
        _counter = _epoll < 0 ? -1 : SocketCalls.EventCounter(0, CounterNonBlocking);
        if (_counter < 0)
        {
            throw new IOException($"upstreams cannot be served: no event loop ({Marshal.GetLastPInvokeErrorMessage()})");
        }

        Control(Libc.EpollAdd, _counter, Libc.EpollIn, 0);
        new Thread(Run) { IsBackground = true, Name = $"tutti-upstreams-{index}" }.Start();
    }

    /// <summary>Which loop of several.</summary>
    public int Index { get; }

    /// <summary>Sockets on it; read by others to choose the loop with the fewest.</summary>
    public int Sockets => Volatile.Read(ref _sockets);

    /// <summary>Holds what was just received until it is sent on, within one turn.</summary>
    public byte[] Scratch { get; } = GC.AllocateUninitializedArray<byte>(ScratchBytes, pinned: true);

    /// <summary>Where a message is put together, within one turn.</summary>
    public byte[] Assembly { get; } = GC.AllocateUninitializedArray<byte>(ScratchBytes, pinned: true);

    /// <summary>Buffers of those that have to keep something longer than a turn.</summary>
    public BufferStack Buffers { get; } = new();

    /// <summary>Completes when the thread has ended.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Runs something on the loop. From any thread; what is posted after the end is not run.</summary>
    public unsafe void Post(Action action)
    {
        _posted.Enqueue(action);
        if (Interlocked.Exchange(ref _signalled, 1) == 0)
        {
            ulong one = 1;
            _ = SocketCalls.Write(_counter, (byte*)&one, sizeof(ulong)); // Only a full counter refuses, and that wakes the loop as well.
        }
    }

    /// <summary>Ends the thread after what was posted before. From any thread.</summary>
    public void Stop() => Post(() => _stopping = true);

    /// <summary>Runs something after what runs now. On the loop only.</summary>
    public void Soon(Action action) => _ready.Enqueue(action);

    /// <summary>Runs something later. On the loop only.</summary>
    public LoopTimer After(TimeSpan delay, Action action)
    {
        var timer = new LoopTimer(action);
        _timers.Enqueue(timer, Environment.TickCount64 + (long)delay.TotalMilliseconds);
        return timer;
    }

    /// <summary>Waits on the loop.</summary>
    public LoopDelay Delay(TimeSpan delay) => new(this, delay);

    /// <summary>Comes to the loop.</summary>
    public LoopEntry Enter() => new(this);

    /// <summary>Watches a descriptor; the answer is to be given to <see cref="Remove"/>. On the loop only.</summary>
    public long Add(int descriptor, uint events, IPollable pollable)
    {
        if (!_free.TryPop(out var slot))
        {
            slot = _slots.Count;
            _slots.Add(null);
            _generations.Add(0);
        }

        _slots[slot] = pollable;
        Volatile.Write(ref _sockets, _sockets + 1);
        var key = ((long)_generations[slot] << 32) | (uint)slot;
        try
        {
            Control(Libc.EpollAdd, descriptor, events, key);
            return key;
        }
        catch (IOException)
        {
            Remove(key);
            throw;
        }
    }

    /// <summary>Forgets a descriptor, which its owner then closes. Events of it that are already here go nowhere.</summary>
    /// <param name="key">See <see cref="Add"/>.</param>
    /// <param name="stillOpen">The descriptor, where it is not closed right afterwards.</param>
    public unsafe void Remove(long key, int stillOpen = -1)
    {
        if (stillOpen >= 0)
        {
            var item = stackalloc byte[16];
            _ = Libc.EpollControl(_epoll, Libc.EpollRemove, stillOpen, item); // It is in there, so this cannot fail.
        }

        var slot = (int)(uint)key;
        _slots[slot] = null;
        _generations[slot]++;
        _free.Push(slot);
        Volatile.Write(ref _sockets, _sockets - 1);
    }

    private static int DataOffset => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8; // Packed on x86-64 only.

    private unsafe void Control(int operation, int descriptor, uint events, long key)
    {
        var item = stackalloc byte[16];
        *(uint*)item = events;
        Marshal.WriteInt64((nint)(item + DataOffset), key);
        if (Libc.EpollControl(_epoll, operation, descriptor, item) != 0)
        {
            throw new IOException($"a socket cannot be watched: epoll_ctl failed with {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    private unsafe void Run()
    {
        var offset = DataOffset;
        var stride = offset + 8;
        var items = stackalloc byte[Capacity * 16];
        while (!_stopping)
        {
            var count = Libc.EpollWait(_epoll, items, Capacity, Patience());
            for (var i = 0; i < count; i++)
            {
                var item = items + (i * stride);
                Dispatch(*(uint*)item, *(long*)(item + offset));
            }

            RunTimers();
        }

        foreach (var left in _slots.ToArray())
        {
            (left as LoopSocket)?.Close();
        }

        RunReady();
        _ = Libc.Close(_epoll);
        _ = Libc.Close(_counter);
        _ended.SetResult();
    }

    private void Dispatch(uint events, long key)
    {
        var slot = (int)(uint)key;
        if (slot == 0)
        {
            RunPosted();
        }
        else if (_generations[slot] == (uint)(key >> 32))
        {
            _slots[slot]?.OnEvents(events);
        }

        RunReady();
    }

    private unsafe void RunPosted()
    {
        ulong count;
        _ = SocketCalls.Read(_counter, (byte*)&count, sizeof(ulong)); // Only resets it.
        Volatile.Write(ref _signalled, 0);
        Interlocked.MemoryBarrier();

        // Only what was here before: somebody who posts himself again lets others go first.
        for (var left = _posted.Count; left > 0 && _posted.TryDequeue(out var action); left--)
        {
            action();
            RunReady();
        }
    }

    private void RunReady()
    {
        while (_ready.TryDequeue(out var action))
        {
            action();
        }
    }

    private int Patience()
    {
        while (_timers.TryPeek(out var timer, out var due))
        {
            if (!timer.Cancelled)
            {
                return (int)Math.Clamp(due - Environment.TickCount64, 0, 60_000);
            }

            _timers.Dequeue();
        }

        return -1;
    }

    private void RunTimers()
    {
        while (_timers.TryPeek(out var timer, out var due) && (timer.Cancelled || due <= Environment.TickCount64))
        {
            _timers.Dequeue();
            timer.Run();
            RunReady();
        }
    }
}
