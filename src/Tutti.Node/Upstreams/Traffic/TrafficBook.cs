using System.Collections.Immutable;
using Tutti.Model.Traffic;
using Tutti.Model.Versions;

namespace Tutti.Node.Upstreams.Traffic;

/// <summary>The counters of one consumer and one provider, by the provider's version.</summary>
internal sealed class TrafficBook(string consumer, string provider)
{
    /// <summary>A consumer that has met more versions of one provider has the oldest counted no longer.</summary>
    public const int MostVersions = 32;

    private readonly Lock _gate = new();
    private readonly List<TrafficCounters> _counters = [];

    /// <summary>Counts calls for which there was no provider.</summary>
    public TrafficCounters Nobody { get; } = new(null);

    /// <summary>Those of a version; null: what has none.</summary>
    public TrafficCounters Of(ReleaseVersion? version)
    {
        lock (_gate)
        {
            var at = _counters.FindIndex(c => Equals(c.Version, version));
            var counters = at < 0 ? new TrafficCounters(version) : _counters[at];
            if (at >= 0)
            {
                _counters.RemoveAt(at);
            }
            else if (_counters.Count == MostVersions)
            {
                _counters.RemoveAt(0);
            }

            _counters.Add(counters);
            return counters;
        }
    }

    /// <summary>Everything that was counted; versions with nothing are left out.</summary>
    public ImmutableArray<UpstreamTraffic> Read()
    {
        lock (_gate)
        {
            return [.. _counters.Append(Nobody).Select(c => c.Read(consumer, provider)).Where(Counted)];
        }
    }

    private static bool Counted(UpstreamTraffic traffic) => traffic.Connections + traffic.Requests + traffic.Refused + traffic.Open > 0;
}
