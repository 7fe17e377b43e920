using System.Collections.Concurrent;
using System.Collections.Immutable;
using Tutti.Model.Agents;
using Tutti.Model.Discovery;
using Tutti.Model.Traffic;
using Tutti.Node.Artifacts;
using Tutti.Node.Logs;
using Tutti.Node.Ports;
using Tutti.Node.Probes;
using Tutti.Node.Runtimes;
using Tutti.Node.Upstreams;

namespace Tutti.Node.Tests.Instances;

internal sealed class FakeRuntime : IRuntime
{
    public ConcurrentQueue<Launch> Launches { get; } = new();

    public ConcurrentDictionary<int, FakeRunning> Running { get; } = new();

    public Action<Launch> BeforeStart { get; set; } = _ => { };

    public FakeRunning Last => Running[Running.Keys.Max()];

    public ValueTask<IRunningInstance> StartAsync(Launch launch, CancellationToken cancellation)
    {
        Launches.Enqueue(launch);
        BeforeStart(launch);
        return new ValueTask<IRunningInstance>(Add());
    }

    public IRunningInstance? Adopt(Launch launch, InstanceIdentity identity) =>
        Running.TryGetValue(identity.Pid, out var running) && !running.Exited.IsCompleted ? running : null;

    public FakeRunning Add()
    {
        var pid = 1_000_000_000 + Running.Count;
        return Running[pid] = new FakeRunning(pid);
    }
}

internal sealed class FakeRunning(int pid) : IRunningInstance
{
    private readonly TaskCompletionSource<ExitStatus> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public InstanceIdentity Identity { get; } = new(pid, 1, "boot", null);

    public Task<ExitStatus> Exited => _exited.Task;

    public ConcurrentQueue<(string Signal, TimeSpan Grace)> Stops { get; } = new();

    /// <summary>Completed: a stop ends it at once.</summary>
    public TaskCompletionSource Obeys { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool Obedient { get; set; } = true;

    public NodeCapacity? Use { get; set; }

    public bool KilledForMemory { get; set; }

    public void Exit(int? code, int? signal = null) => _exited.TrySetResult(new ExitStatus(code, signal));

    public NodeCapacity? MeasureUse() => Use;

    public async Task StopAsync(string signal, TimeSpan grace)
    {
        Stops.Enqueue((signal, grace));
        if (!Obedient)
        {
            await Obeys.Task;
        }

        Exit(143, 15);
    }

    public void Dispose()
    {
    }
}

internal sealed class FakeProber : IProber
{
    private int _asked;

    public int Asked => _asked;

    public Func<ProbeTarget, ProbeResult> Answer { get; set; } = _ => new ProbeResult(true, null);

    public Task<ProbeResult> ProbeAsync(ProbeTarget target, CancellationToken ct)
    {
        Interlocked.Increment(ref _asked);
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(Answer(target));
    }
}

internal sealed class FakeArtifacts : IArtifactCache
{
    public Func<string, Task<string>> Answer { get; set; } = digest => throw new ArtifactException($"{digest} is not there");

    public ConcurrentQueue<IReadOnlySet<string>> Cleaned { get; } = new();

    public Task<string> EnsureAsync(string digest, CancellationToken ct) => Answer(digest).WaitAsync(ct);

    public void Clean(IReadOnlySet<string> inUse) => Cleaned.Enqueue(inUse);
}

internal sealed class FakeLogs(string folder) : IInstanceLogs
{
    public ImmutableArray<string> Lines { get; set; } = ["first", "last"];

    public ConcurrentQueue<string> Forgotten { get; } = new();

    public string FileOf(string instanceKey) => Path.Combine(folder, instanceKey.Replace('/', '.') + ".log");

    public void Watch(string instanceKey)
    {
    }

    public void Forget(string instanceKey, bool delete) => Forgotten.Enqueue(instanceKey);

    public ImmutableArray<string> Tail(string instanceKey, int lines) => Lines;

    public async IAsyncEnumerable<string> FollowAsync(
        string instanceKey, int tail, bool follow, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var line in Lines)
        {
            yield return line;
        }

        await Task.CompletedTask;
    }
}

internal sealed class FakePorts : IPortAllocator
{
    private readonly Lock _gate = new();
    private readonly SortedSet<int> _taken = [];
    private int _next = 20000;

    public ImmutableArray<int> Taken
    {
        get
        {
            lock (_gate)
            {
                return [.. _taken];
            }
        }
    }

    public int Take(int? fixedNumber)
    {
        lock (_gate)
        {
            var number = fixedNumber ?? _next++;
            return _taken.Add(number) ? number : throw new LaunchException($"port {number} is in use");
        }
    }

    public void Reclaim(int number)
    {
        lock (_gate)
        {
            _taken.Add(number);
        }
    }

    public void Release(int number)
    {
        lock (_gate)
        {
            _taken.Remove(number);
        }
    }
}

internal sealed class FakeUpstreams : IUpstreams
{
    public ConcurrentDictionary<string, ImmutableSortedDictionary<string, int>> Previous { get; } = new();

    public ConcurrentQueue<string> Closed { get; } = new();

    public ConcurrentQueue<ServiceEndpoints> Applied { get; } = new();

    public ImmutableSortedDictionary<string, UpstreamAddress> Open(
        Consumer consumer,
        ImmutableArray<UpstreamAssignment> upstreams,
        ImmutableSortedDictionary<string, int>? previousPorts)
    {
        if (previousPorts is not null)
        {
            Previous[consumer.Instance] = previousPorts;
        }

        return upstreams.ToImmutableSortedDictionary(u => u.Service, u => new UpstreamAddress("http://127.0.0.1:30000", "127.0.0.1", 30000));
    }

    public void Close(string instanceKey) => Closed.Enqueue(instanceKey);

    public ConcurrentQueue<string> Forgotten { get; } = new();

    public ImmutableArray<UpstreamTraffic> Exchanged { get; set; } = [];

    public void Apply(ServiceEndpoints endpoints) => Applied.Enqueue(endpoints);

    public void Forget(string architecture) => Forgotten.Enqueue(architecture);

    public ImmutableArray<UpstreamTraffic> Traffic() => Exchanged;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
