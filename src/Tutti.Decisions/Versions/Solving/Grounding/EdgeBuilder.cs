using Tutti.Decisions.Versions.Solving.Search;

namespace Tutti.Decisions.Versions.Solving.Grounding;

/// <summary>Gathers the needs of one service's releases on one other service into groups of releases that accept the same.</summary>
internal sealed class EdgeBuilder
{
    private readonly List<(ulong[] Asking, ulong[] Accepted)> _groups = [];

    /// <summary>The last value that asked: a second need of one release on the same service goes into another edge.</summary>
    public int LastValue { get; private set; } = -1;

    public void Add(Shelf consumer, Shelf provider, int value, Need need)
    {
        LastValue = value;
        var accepted = provider.Accepted(need.Range);
        if (need.Optional)
        {
            accepted = [.. accepted];
            accepted[0] |= 1;
        }

        foreach (var group in _groups)
        {
            if (ReferenceEquals(group.Accepted, accepted) || group.Accepted.AsSpan().SequenceEqual(accepted))
            {
                Bits.Set(group.Asking, value);
                return;
            }
        }

        var asking = new ulong[consumer.Words];
        Bits.Set(asking, value);
        _groups.Add((asking, accepted));
    }

    public void AddTo(DomainSearch search, int from, int to)
    {
        var words = _groups[0].Asking.Length + _groups[0].Accepted.Length;
        var flat = new ulong[words * _groups.Count];
        for (var g = 0; g < _groups.Count; g++)
        {
            _groups[g].Asking.CopyTo(flat, g * words);
            _groups[g].Accepted.CopyTo(flat, (g * words) + _groups[g].Asking.Length);
        }

        search.AddEdge(from, to, flat, _groups.Count);
    }
}
