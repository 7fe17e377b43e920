using System.Diagnostics;
using Tutti.Model.Discovery;
using Tutti.Node.Protocol;

namespace Tutti.Bench;

/// <summary>Follows discovery as an agent does and remembers when each instance was first and last seen to come and go.</summary>
internal sealed class DiscoveryWatch : IAsyncDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, HashSet<string>> _listed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _came = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _went = new(StringComparer.Ordinal);
    private readonly Task _following;
    private TaskCompletionSource _changed = New();

    /// <param name="client">Asks; one may serve any number of watches.</param>
    /// <param name="architecture">All of its services are followed.</param>
    public DiscoveryWatch(ServerClient client, string architecture) => _following = Task.Run(() => FollowAsync(client, architecture));

    /// <summary>Instances of a service that are in discovery now.</summary>
    public HashSet<string> Listed(string service)
    {
        lock (_gate)
        {
            return [.. _listed.GetValueOrDefault(service) ?? []];
        }
    }

    /// <summary>The instance of a service that has been in discovery for the longest.</summary>
    public string Oldest(string service)
    {
        lock (_gate)
        {
            return _listed[service].MinBy(id => _came[id])!;
        }
    }

    /// <summary>Timestamp (<see cref="Stopwatch"/>) at which an instance came into discovery.</summary>
    public Task<long> CameAsync(string instance, TimeSpan longest) => WaitAsync<long>(() => _came.TryGetValue(instance, out var at) ? at : null, $"{instance} does not come into discovery", longest);

    /// <summary>Timestamp at which an instance left discovery.</summary>
    public Task<long> WentAsync(string instance, TimeSpan longest) => WaitAsync<long>(() => _went.TryGetValue(instance, out var at) ? at : null, $"{instance} does not leave discovery", longest);

    /// <summary>The first instance of a service that is none of these, and when it came.</summary>
    public Task<(string Instance, long At)> OtherThanAsync(string service, HashSet<string> known, TimeSpan longest) => WaitAsync<(string, long)>(
        () => _listed.GetValueOrDefault(service)?.FirstOrDefault(id => !known.Contains(id)) is { } id ? (id, _came[id]) : null,
        $"no other instance of {service} comes into discovery",
        longest);

    /// <summary>Completes when a service has this many.</summary>
    public Task CountAsync(string service, int count, TimeSpan longest) =>
        WaitAsync<int>(() => _listed.GetValueOrDefault(service)?.Count == count ? count : null, $"{service} does not come to {count} endpoints", longest);

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ended.Dispose();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task FollowAsync(ServerClient client, string architecture)
    {
        await foreach (var list in client.WatchEndpointsAsync(architecture, null, _ended.Token))
        {
            Take(list, Stopwatch.GetTimestamp());
        }
    }

    private void Take(ServiceEndpoints list, long at)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            var before = _listed.GetValueOrDefault(list.Service) ?? [];
            var now = list.Endpoints.Select(endpoint => endpoint.Instance).ToHashSet(StringComparer.Ordinal);
            foreach (var id in now.Where(id => !before.Contains(id)))
            {
                _came[id] = at;
            }

            foreach (var id in before.Where(id => !now.Contains(id)))
            {
                _went[id] = at;
            }

            _listed[list.Service] = now;
            (changed, _changed) = (_changed, New());
        }

        changed.SetResult();
    }

    private async Task<T> WaitAsync<T>(Func<T?> look, string complaint, TimeSpan longest)
        where T : struct
    {
        using var late = new CancellationTokenSource(longest);
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (look() is { } found)
                {
                    return found;
                }

                changed = _changed.Task;
            }

            if (_following.IsFaulted)
            {
                await _following;
            }

            try
            {
                await changed.WaitAsync(late.Token);
            }
            catch (OperationCanceledException) when (late.IsCancellationRequested)
            {
                throw new TimeoutException($"{complaint} within {longest.TotalSeconds} s");
            }
        }
    }
}
