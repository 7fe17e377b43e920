using System.Collections.Concurrent;
using System.Collections.Immutable;
using Tutti.Model.Agents;
using Tutti.Model.Lifecycle;
using Tutti.Model.Quantities;
using Tutti.Node.Protocol;

namespace Tutti.Bench;

/// <summary>An agent that speaks the whole protocol over HTTP but runs nothing: what it is assigned is at once in Run, unless it is told to wait.</summary>
internal sealed class HollowNode : IAsyncDisposable
{
    private static readonly TimeSpan _heartbeat = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _ended = new();
    private readonly ServerClient _client;
    private readonly string _name;
    private readonly string _session = Guid.NewGuid().ToString("N");
    private readonly SemaphoreSlim _one = new(1);
    private readonly ConcurrentDictionary<string, InstanceReport> _reports = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<Assignment>> _held = new(StringComparer.Ordinal);
    private Task _loops = Task.CompletedTask;
    private long _sequence;
    private int _port = 20_000;

    private HollowNode(ServerClient client, string name) => (_client, _name) = (client, name);

    /// <summary>Registers and begins to take assignments.</summary>
    public static async Task<HollowNode> JoinAsync(string server, string token, string name)
    {
        var node = new HollowNode(new ServerClient(server, token, TimeProvider.System), name);
        await node._client.RegisterAsync(
            new NodeRegistration
            {
                Name = name,
                Session = node._session,
                Address = "127.0.0.1",
                Capacity = new NodeCapacity(new Cpu(1_000_000), ByteSize.FromMebibytes(1 << 20)),
            },
            CancellationToken.None);
        node._loops = Task.WhenAny(Task.Run(node.WatchAsync), Task.Run(node.BeatAsync)).Unwrap();
        return node;
    }

    /// <summary>The next instance of a service that is assigned is not reported by itself; it is handed over here.</summary>
    public Task<Assignment> HoldNextAsync(string service) =>
        _held.GetOrAdd(service, _ => new TaskCompletionSource<Assignment>(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Ends only when the agent does; faulted when it did so by itself.</summary>
    public Task Completion => _loops;

    /// <summary>Reports that one has ended by itself.</summary>
    public Task FailAsync(string instance)
    {
        var failed = _reports.Values.First(report => report.Instance == instance) with { Phase = InstancePhase.Failed, Stopped = true, Reason = "ended with exit code 1", ExitCode = 1 };
        return ReportAsync([failed], complete: false);
    }

    /// <summary>Reports that one passes its check.</summary>
    public Task RunAsync(Assignment assignment) => ReportAsync([Running(assignment)], complete: false);

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _loops.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _client.Dispose();
        _one.Dispose();
        _ended.Dispose();
    }

    private static string KeyOf(string architecture, string instance) => $"{architecture}/{instance}";

    private async Task WatchAsync()
    {
        await foreach (var said in _client.WatchAssignmentsAsync(_name, _session, null, _ended.Token))
        {
            foreach (var removed in said.Removed)
            {
                _reports.TryRemove(removed, out _);
            }

            var changed = said.Assigned.Select(Answer).OfType<InstanceReport>().ToImmutableArray();
            if (!changed.IsEmpty)
            {
                await ReportAsync(changed, complete: false);
            }
        }
    }

    private async Task BeatAsync()
    {
        while (true)
        {
            await Task.Delay(_heartbeat, _ended.Token);
            await ReportAsync([.. _reports.Values], complete: true);
        }
    }

    private InstanceReport? Answer(Assignment assignment)
    {
        var known = _reports.GetValueOrDefault(KeyOf(assignment.Architecture, assignment.Instance));
        if (assignment.Goal == AssignmentGoal.Stop)
        {
            return known is { Stopped: false } ? known with { Phase = InstancePhase.Destroy, Stopped = true } : null;
        }

        if (known is not null)
        {
            return null;
        }

        if (_held.TryRemove(assignment.Service, out var held))
        {
            held.SetResult(assignment);
            return null;
        }

        return Running(assignment);
    }

    private InstanceReport Running(Assignment assignment)
    {
        var number = Interlocked.Increment(ref _port);
        return new InstanceReport
        {
            Instance = assignment.Instance,
            Architecture = assignment.Architecture,
            Attempt = assignment.Attempt,
            Phase = InstancePhase.Run,
            Pid = number,
            StartedAt = DateTimeOffset.UtcNow,
            Ports = assignment.Ports.ToImmutableSortedDictionary(port => port.Key, _ => number),
        };
    }

    private async Task ReportAsync(ImmutableArray<InstanceReport> changed, bool complete)
    {
        await _one.WaitAsync(_ended.Token);
        try
        {
            foreach (var report in changed)
            {
                _reports[KeyOf(report.Architecture, report.Instance)] = report;
            }

            await _client.ReportAsync(
                _name,
                new NodeReport { Session = _session, Sequence = ++_sequence, Complete = complete, Instances = complete ? [.. _reports.Values] : changed },
                _ended.Token);
        }
        finally
        {
            _one.Release();
        }
    }
}
