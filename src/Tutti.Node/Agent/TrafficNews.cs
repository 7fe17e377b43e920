using System.Collections.Immutable;
using Tutti.Model.Traffic;
using Tutti.Model.Versions;

namespace Tutti.Node.Agent;

/// <summary>What of the upstreams' traffic the server has not been told yet. Counts are cumulative, so that one report missed does no harm.</summary>
internal sealed class TrafficNews(Func<ImmutableArray<UpstreamTraffic>> read)
{
    /// <summary>More are told with the next report, those first that were not told for longest.</summary>
    public const int Most = 1000;

    private readonly Dictionary<(string Consumer, string Provider, ReleaseVersion? Version), (UpstreamTraffic Traffic, long Turn)> _told = [];
    private long _turn;

    /// <summary>What has changed since it was last taken.</summary>
    /// <param name="anew">The server knows nothing of it any more.</param>
    public ImmutableArray<UpstreamTraffic> Next(bool anew)
    {
        var now = read();
        if (anew)
        {
            _told.Clear();
        }

        var keys = now.Select(Key).ToHashSet();
        foreach (var gone in _told.Keys.Where(k => !keys.Contains(k)).ToArray())
        {
            _told.Remove(gone);
        }

        return [.. now.Where(Changed).OrderBy(t => _told.TryGetValue(Key(t), out var told) ? told.Turn : 0).Take(Most)];
    }

    /// <summary>The server has it.</summary>
    public void Taken(ImmutableArray<UpstreamTraffic> told)
    {
        _turn++;
        foreach (var traffic in told)
        {
            _told[Key(traffic)] = (traffic, _turn);
        }
    }

    private static (string Consumer, string Provider, ReleaseVersion? Version) Key(UpstreamTraffic traffic) => (traffic.Consumer, traffic.Provider, traffic.Version);

    private bool Changed(UpstreamTraffic traffic) =>
        !_told.TryGetValue(Key(traffic), out var told) || told.Traffic with { Latency = [] } != traffic with { Latency = [] };
}
