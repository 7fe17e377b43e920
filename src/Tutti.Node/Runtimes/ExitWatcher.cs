using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Tutti.Node.Runtimes;

/// <summary>Tells at once when a process ends: one pidfd each, one thread for all of them. Reaps only the processes this program spawned through it.</summary>
/// <remarks>One for the whole program, as a process can be reaped only once; whoever watches the same process shares its answer.</remarks>
internal sealed class ExitWatcher
{
    public static readonly ExitWatcher Shared = new();

    /// <summary>How long to wait for the parent of an adopted process to reap it, which is when newer kernels tell its exit code.</summary>
    private static readonly TimeSpan _reapingByOthers = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<(int Pid, long Start), Watched> _byProcess = new();
    private readonly ConcurrentDictionary<long, Watched> _byNumber = new();
    private readonly int _epoll;
    private long _lastNumber;

    private ExitWatcher()
    {
        _epoll = Libc.EpollCreate(Libc.CloseOnExec);
        if (_epoll < 0)
        {
            throw new IOException($"watching processes is not possible: epoll_create1 failed with {Marshal.GetLastPInvokeErrorMessage()}");
        }

        new Thread(Loop) { IsBackground = true, Name = "tutti-exits" }.Start();
    }

    /// <summary>Completes when this process ends; null where it has already been reaped.</summary>
    /// <param name="pid">Its id.</param>
    /// <param name="startTicks">Its start time.</param>
    /// <param name="spawned">True: it was spawned here and nobody else reaps it. Reaping a child of <see cref="System.Diagnostics.Process"/>
    /// would make the framework end this whole program.</param>
    public Task<ExitStatus>? Watch(int pid, long startTicks, bool spawned)
    {
        if (_byProcess.TryGetValue((pid, startTicks), out var known))
        {
            return known.Exited.Task;
        }

        var descriptor = Libc.PidFdOpen(pid);
        if (descriptor < 0)
        {
            return null;
        }

        if (ProcessTable.Read(pid)?.StartTicks != startTicks)
        {
            Libc.Close(descriptor);
            return null;
        }

        var watched = new Watched(Interlocked.Increment(ref _lastNumber), pid, startTicks, descriptor, spawned);
        var first = _byProcess.GetOrAdd((pid, startTicks), watched);
        if (!ReferenceEquals(first, watched))
        {
            Libc.Close(descriptor);
            return first.Exited.Task;
        }

        _byNumber[watched.Number] = watched;
        Control(Libc.EpollAdd, watched, Libc.EpollIn);
        return watched.Exited.Task;
    }

    private unsafe void Control(int operation, Watched watched, uint events)
    {
        var item = stackalloc byte[16];
        Write(item, events, watched.Number);
        if (Libc.EpollControl(_epoll, operation, watched.Descriptor, item) != 0)
        {
            throw new IOException($"watching process {watched.Pid} is not possible: epoll_ctl failed with {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    /// <summary>struct epoll_event is packed on x86-64 only.</summary>
    private static int DataOffset => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    private static unsafe void Write(byte* item, uint events, long number)
    {
        *(uint*)item = events;
        Marshal.WriteInt64((nint)(item + DataOffset), number);
    }

    private unsafe void Loop()
    {
        const int Capacity = 64;
        var stride = DataOffset + 8;
        var items = stackalloc byte[Capacity * 16];
        while (true)
        {
            var count = Libc.EpollWait(_epoll, items, Capacity, -1);
            for (var i = 0; i < count; i++)
            {
                var item = items + (i * stride);
                if (_byNumber.TryGetValue(Marshal.ReadInt64((nint)(item + DataOffset)), out var watched))
                {
                    Ended(watched, (*(uint*)item & Libc.EpollHangUp) != 0);
                }
            }
        }
    }

    private void Ended(Watched watched, bool reaped)
    {
        var status = Reap(watched) ?? AskKernel(watched);
        if (status is not null || reaped)
        {
            Complete(watched, status ?? new ExitStatus(null, null));
            return;
        }

        // Another process is its parent. The hang-up comes when that one reaps it; some never do.
        Control(Libc.EpollModify, watched, 0);
        _ = Task.Delay(_reapingByOthers).ContinueWith(
            _ => Complete(watched, AskKernel(watched) ?? new ExitStatus(null, null)),
            TaskScheduler.Default);
    }

    private void Complete(Watched watched, ExitStatus status)
    {
        if (!_byNumber.TryRemove(watched.Number, out _))
        {
            return;
        }

        _byProcess.TryRemove((watched.Pid, watched.StartTicks), out _);
        Libc.Close(watched.Descriptor);
        watched.Exited.TrySetResult(status);
    }

    private static ExitStatus? Reap(Watched watched)
    {
        var info = default(Libc.SignalInfo);
        if (Libc.WaitId(Libc.WaitByPidFd, watched.Descriptor, ref info, Libc.WaitExited | Libc.WaitNoHang | (watched.Spawned ? 0 : Libc.WaitNoReap)) != 0 || info.Pid == 0)
        {
            return null;
        }

        const int Exited = 1;
        return info.Code == Exited ? new ExitStatus(info.Status, null) : new ExitStatus(128 + info.Status, info.Status);
    }

    private static ExitStatus? AskKernel(Watched watched)
    {
        var info = new Libc.PidFdInfo { Mask = Libc.PidFdInfo.ExitWanted };
        if (Libc.Control(watched.Descriptor, Libc.PidFdInfo.Request, ref info) != 0 || (info.Mask & Libc.PidFdInfo.ExitWanted) == 0)
        {
            return null;
        }

        var signal = info.ExitCode & 0x7f;
        return signal == 0 ? new ExitStatus((info.ExitCode >> 8) & 0xff, null) : new ExitStatus(128 + signal, signal);
    }

    private sealed class Watched(long number, int pid, long startTicks, int descriptor, bool spawned)
    {
        public bool Spawned => spawned;

        public long Number => number;

        public int Pid => pid;

        public long StartTicks => startTicks;

        public int Descriptor => descriptor;

        public TaskCompletionSource<ExitStatus> Exited { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
