using System.Collections.Immutable;
using Tutti.Decisions.Versions.Solving.Search;
using Tutti.Model.Versions;

namespace Tutti.Decisions.Versions.Solving.Grounding;

/// <summary>One service with its releases from the oldest to the newest. Its values: 0 is absent, n the n-th release.</summary>
internal sealed class Shelf
{
    private readonly Dictionary<VersionRange, ulong[]> _accepted = [];
    private readonly ReleaseVersion[] _versions;

    public Shelf(int number, string name, ImmutableArray<CatalogueRelease> releases)
    {
        Number = number;
        Name = name;
        Releases = Sorted(releases);
        _versions = Array.ConvertAll(Releases, r => r.Version);
        Values = Releases.Length + 1;
        Words = Bits.WordsFor(Values);
    }

    public int Number { get; }

    public string Name { get; }

    public CatalogueRelease[] Releases { get; }

    public int Values { get; }

    public int Words { get; }

    public ReleaseVersion Version(int value) => _versions[value - 1];

    /// <summary>The value of a version; 0 where it has no release.</summary>
    public int ValueOf(ReleaseVersion version)
    {
        var (low, high) = (0, Releases.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = _versions[middle].CompareTo(version);
            if (order == 0)
            {
                return middle + 1;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return 0;
    }

    /// <summary>The values that a range accepts, without absence.</summary>
    public ulong[] Accepted(VersionRange range)
    {
        if (!_accepted.TryGetValue(range, out var values))
        {
            values = new ulong[Words];
            range.Mark(_versions, values, first: 1);
            _accepted.Add(range, values);
        }

        return values;
    }

    private static CatalogueRelease[] Sorted(ImmutableArray<CatalogueRelease> releases)
    {
        var sorted = true;
        for (var i = 1; i < releases.Length && sorted; i++)
        {
            sorted = releases[i - 1].Version.CompareTo(releases[i].Version) < 0;
        }

        return sorted ? [.. releases] : [.. releases.OrderBy(r => r.Version).DistinctBy(r => r.Version)];
    }
}
