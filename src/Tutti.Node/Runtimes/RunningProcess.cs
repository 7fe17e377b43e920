using Tutti.Model.Agents;
using Tutti.Model.Quantities;

namespace Tutti.Node.Runtimes;

/// <summary>A process that was started or adopted, with everything it started in turn.</summary>
internal sealed class RunningProcess : IRunningInstance
{
    private static readonly TimeSpan _firstLook = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan _longestLook = TimeSpan.FromMilliseconds(50);
    private const int CgroupRemovals = 20;

    private readonly TimeProvider _time;
    private readonly InstanceCgroup? _cgroup;
    private readonly ProcessTree _tree;
    private readonly SessionUse _sessions;
    private readonly Lock _measuring = new();
    /// <summary>Over less than this, the grain of the kernel's clock and of a shared walk over /proc would pass for use.</summary>
    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(500);
    private NodeCapacity? _lastUse;
    private TimeSpan? _lastCpu;
    private long _lastMeasured;

    public RunningProcess(TimeProvider time, InstanceIdentity identity, InstanceCgroup? cgroup, Task<ExitStatus> exited, SessionUse sessions, bool adopted)
    {
        _time = time;
        Identity = identity;
        Exited = exited;
        _cgroup = cgroup;
        _sessions = sessions;
        _tree = new ProcessTree(identity, cgroup);
        _lastMeasured = time.GetTimestamp();
        _lastCpu = adopted ? Read().Cpu : TimeSpan.Zero;
    }

    /// <inheritdoc/>
    public InstanceIdentity Identity { get; }

    /// <inheritdoc/>
    public Task<ExitStatus> Exited { get; }

    /// <inheritdoc/>
    public bool KilledForMemory => _cgroup?.KilledForMemory() == true;

    /// <inheritdoc/>
    public NodeCapacity? MeasureUse()
    {
        lock (_measuring)
        {
            var (cpu, memory) = Read();
            var now = _time.GetTimestamp();
            var elapsed = _time.GetElapsedTime(_lastMeasured, now);
            if (cpu is null || memory is null || elapsed <= TimeSpan.Zero)
            {
                return null;
            }

            if (_lastUse is { } last && elapsed < _shortest)
            {
                return last with { Memory = new ByteSize(memory.Value) };
            }

            // Time of children that nobody waited for leaves the sum of a session when they end; a group keeps it.
            var spent = Math.Max(0, (cpu.Value - (_lastCpu ?? cpu.Value)).TotalMilliseconds);
            _lastCpu = cpu;
            _lastMeasured = now;
            return _lastUse = new NodeCapacity(new Cpu((long)Math.Round(spent * 1000 / elapsed.TotalMilliseconds)), new ByteSize(memory.Value));
        }
    }

    /// <inheritdoc/>
    public async Task StopAsync(string signal, TimeSpan grace)
    {
        var number = Signals.Number(signal);
        if (_tree.Living().Count > 0)
        {
            _tree.Signal(number);
            await WaitUntilGoneAsync(grace).ConfigureAwait(false);
        }

        var pause = _firstLook;
        while (!_tree.KillOnce())
        {
            await Task.Delay(pause, _time).ConfigureAwait(false);
            pause = Longer(pause);
        }

        await Exited.ConfigureAwait(false);
        await RemoveCgroupAsync().ConfigureAwait(false);
    }

    /// <summary>Lets go of it; it runs on, and is reaped when it ends.</summary>
    public void Dispose()
    {
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < _longestLook ? pause * 2 : _longestLook;

    /// <summary>What the leader leaves behind has the rest of the grace too: a shell may die of the signal before the server it started has drained.</summary>
    private async Task WaitUntilGoneAsync(TimeSpan grace)
    {
        using var ended = new CancellationTokenSource(grace, _time);
        try
        {
            await Exited.WaitAsync(ended.Token).ConfigureAwait(false);
            var pause = _firstLook;
            while (_tree.Living().Count > 0)
            {
                await Task.Delay(pause, _time, ended.Token).ConfigureAwait(false);
                pause = Longer(pause);
            }
        }
        catch (OperationCanceledException)
        {
            // The grace is over; the caller kills what is left.
        }
    }

    private async Task RemoveCgroupAsync()
    {
        for (var i = 0; i < CgroupRemovals && _cgroup?.TryRemove() == false; i++)
        {
            await Task.Delay(_firstLook, _time).ConfigureAwait(false); // The kernel empties a group a moment after its last process ended.
        }
    }

    private (TimeSpan? Cpu, long? Memory) Read()
    {
        var (cpu, memory) = (_cgroup?.CpuTime(), _cgroup?.MemoryBytes());
        if (cpu is not null && memory is not null)
        {
            return (cpu, memory);
        }

        var session = _sessions.Of(Identity);
        return (cpu ?? session?.Cpu, memory ?? session?.MemoryBytes);
    }
}
