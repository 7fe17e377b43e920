namespace Tutti.Decisions.Versions.Solving.Search;

// Proof: what a contradiction follows from, where that is remembered.
internal sealed partial class DomainSearch
{
    private readonly List<Use> _uses = [];
    private readonly WordPool _proof = new();

    /// <summary>The values of edges' asking variables whose groups the contradiction without decisions follows from, by edge.</summary>
    public SortedDictionary<int, ulong[]> EdgesOfContradiction()
    {
        var edges = new SortedDictionary<int, ulong[]>();
        var seen = new HashSet<int>();
        var left = new Stack<Use>(_uses);
        while (left.TryPop(out var use))
        {
            var number = use.Reason >> 3;
            if ((use.Reason & Reason.KindMask) == Reason.Clause)
            {
                if (seen.Add(number))
                {
                    foreach (var further in _clauses[number].Uses)
                    {
                        left.Push(further);
                    }
                }

                continue;
            }

            var words = _variables[_edges[number].From].Words;
            if (!edges.TryGetValue(number, out var values))
            {
                edges.Add(number, values = new ulong[words]);
            }

            Bits.Or(values, _proof.At(use.Mask, words));
        }

        return edges;
    }

    /// <summary>Values that the contradiction without decisions needs to be impossible from the start, by variable.</summary>
    public IEnumerable<(int Variable, ulong[] Values)> ImpossibleOfContradiction() =>
        _marked.Order().Select(v => (v, LiteralOf(v).ToArray())).Where(l => !Bits.IsEmpty(l.Item2));

    private void Record(int reason, ReadOnlySpan<ulong> mask)
    {
        if (Tracking)
        {
            _uses.Add(new Use(reason, mask.IsEmpty ? -1 : _proof.Take(mask)));
        }
    }

    /// <summary>An edge with the asking values that count, or a learned clause (-1).</summary>
    private readonly record struct Use(int Reason, int Mask);
}
