using Tutti.Control.State;

namespace Tutti.Control.Loop;

/// <summary>Which services wait for which others.</summary>
internal sealed class WaitIndex
{
    private readonly Dictionary<ServiceKey, ServiceKey[]> _awaited = [];
    private readonly Dictionary<ServiceKey, SortedSet<ServiceKey>> _waiting = [];

    /// <summary>Says whom a service waits for from now on; empty: nobody.</summary>
    /// <returns>Whether it waited for somebody until now and does no longer.</returns>
    public bool Set(ServiceKey key, IReadOnlySet<string> services)
    {
        var waited = _awaited.Remove(key, out var before);
        foreach (var awaited in before ?? [])
        {
            if (_waiting[awaited].Remove(key) && _waiting[awaited].Count == 0)
            {
                _waiting.Remove(awaited);
            }
        }

        if (services.Count == 0)
        {
            return waited;
        }

        _awaited[key] = [.. services.Select(service => key with { Service = service })];
        foreach (var awaited in _awaited[key])
        {
            if (!_waiting.TryGetValue(awaited, out var all))
            {
                _waiting[awaited] = all = [];
            }

            all.Add(key);
        }

        return false;
    }

    /// <summary>Who waits for a service, in order.</summary>
    public IReadOnlyCollection<ServiceKey> For(ServiceKey key) => _waiting.TryGetValue(key, out var all) ? all : [];
}
