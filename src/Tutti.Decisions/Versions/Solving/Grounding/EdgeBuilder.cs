using Tutti.Decisions.Versions.Solving.Search;

namespace Tutti.Decisions.Versions.Solving.Grounding;

/// <summary>Gathers the needs of one service's releases on one other service into groups of releases that accept the same.</summary>
internal sealed class EdgeBuilder
{
    // For each group the values that ask, then those that are accepted.
    private ulong[] _flat = new ulong[16];
    private int _groups;

    /// <summary>The last value that asked: a second need of one release on the same service goes into another edge.</summary>
    public int LastValue { get; private set; } = -1;

    public void Add(Shelf consumer, Shelf provider, int value, Need need)
    {
        LastValue = value;
        var size = consumer.Words + provider.Words;
        if (_flat.Length < size * (_groups + 1))
        {
            Array.Resize(ref _flat, Math.Max(size, _flat.Length) * 2);
        }

        // The new group is written behind the others, and counted only where none of them accepts the same.
        var accepted = _flat.AsSpan((size * _groups) + consumer.Words, provider.Words);
        provider.Accepted(need.Range).CopyTo(accepted);
        if (need.Optional)
        {
            accepted[0] |= 1;
        }

        var group = 0;
        while (!_flat.AsSpan((size * group) + consumer.Words, provider.Words).SequenceEqual(accepted))
        {
            group++;
        }

        var asking = _flat.AsSpan(size * group, consumer.Words);
        if (group == _groups)
        {
            asking.Clear();
            _groups++;
        }

        Bits.Set(asking, value);
    }

    public void AddTo(DomainSearch search, int from, int to) => search.AddEdge(from, to, _flat, _groups);

    /// <summary>Makes it ready for another pair of services.</summary>
    public void Clear() => (_groups, LastValue) = (0, -1);
}
