namespace Tutti.Decisions.Versions.Solving.Search;

// Edges: groups of values of one variable, each with the values of another that it accepts.
internal sealed partial class DomainSearch
{
    private readonly List<(int Edge, int Level)> _late = [];
    private readonly Queue<int> _edgeQueue = [];
    private Edge[] _edges = new Edge[64];
    private ulong[] _scratch = new ulong[16];

    public int EdgeCount { get; private set; }

    /// <summary>Adds an edge.</summary>
    /// <param name="from">The variable that asks.</param>
    /// <param name="to">The variable that is asked.</param>
    /// <param name="groups">For each group the asking values, then the accepted ones; no value asks in two groups.</param>
    /// <param name="count">How many groups.</param>
    public int AddEdge(int from, int to, ReadOnlySpan<ulong> groups, int count)
    {
        if (EdgeCount == _edges.Length)
        {
            Array.Resize(ref _edges, EdgeCount * 2);
        }

        ref var a = ref _variables[from];
        var words = a.Words + _variables[to].Words;
        var at = _sets.Take(a.Words);
        var rest = _sets.At(at, a.Words);
        Bits.Fill(rest, a.Values);
        for (var g = 0; g < count; g++)
        {
            Bits.AndNot(rest, groups.Slice(g * words, a.Words));
        }

        _sets.Take(groups[..(count * words)]);
        var edge = EdgeCount++;
        _edges[edge] = new Edge(from, to, at, count, words == 2);
        a.Out.Add(edge);
        _variables[to].In.Add(edge);
        _edgeQueue.Enqueue(edge);
        if (Level > 0)
        {
            _late.Add((edge, Level));
        }

        return edge;
    }

    public (int From, int To) EndsOf(int edge) => (_edges[edge].From, _edges[edge].To);

    private void RequeueLateEdges(int level)
    {
        var kept = 0;
        for (var i = 0; i < _late.Count; i++)
        {
            var (edge, since) = _late[i];
            if (since > level)
            {
                _edgeQueue.Enqueue(edge);
                since = level;
            }

            if (since > 0)
            {
                _late[kept++] = (edge, since);
            }
        }

        _late.RemoveRange(kept, _late.Count - kept);
    }

    // The asked variable keeps what some value that is left of the asking one accepts.
    private bool Forward(int number)
    {
        ref readonly var edge = ref _edges[number];
        ref readonly var from = ref _variables[edge.From];
        ref readonly var to = ref _variables[edge.To];
        if (edge.Single)
        {
            var sets = _sets.At(edge.At, 1 + (2 * edge.Groups));
            var asking = _domains[from.At];
            if ((asking & sets[0]) != 0)
            {
                return true;
            }

            var left = _domains[to.At];
            for (var g = 1; g < sets.Length; g += 2)
            {
                if ((asking & sets[g]) != 0)
                {
                    left &= ~sets[g + 1];
                    if (left == 0)
                    {
                        return true;
                    }
                }
            }

            ulong kept = _domains[to.At] & ~left;
            return Narrow(edge.To, new ReadOnlySpan<ulong>(in kept), Reason.Of(Reason.Forward, number));
        }

        var domain = DomainOf(from);
        if (Bits.Meet(domain, _sets.At(edge.At, from.Words)))
        {
            return true;
        }

        var union = Scratch(to.Words);
        union.Clear();
        for (var g = 0; g < edge.Groups; g++)
        {
            if (Bits.Meet(domain, Asking(edge, g, from)))
            {
                Bits.Or(union, Accepted(edge, g, from, to));
            }
        }

        return Narrow(edge.To, union, Reason.Of(Reason.Forward, number));
    }

    // The asking variable loses the values that accept nothing of what is left of the asked one.
    private bool Backward(int number)
    {
        ref readonly var edge = ref _edges[number];
        ref readonly var from = ref _variables[edge.From];
        ref readonly var to = ref _variables[edge.To];
        if (edge.Single)
        {
            var sets = _sets.At(edge.At, 1 + (2 * edge.Groups));
            var left = _domains[to.At];
            ulong lost = 0;
            for (var g = 1; g < sets.Length; g += 2)
            {
                if ((left & sets[g + 1]) == 0)
                {
                    lost |= sets[g];
                }
            }

            ulong kept = ~lost;
            return (_domains[from.At] & lost) == 0 || Narrow(edge.From, new ReadOnlySpan<ulong>(in kept), Reason.Of(Reason.Backward, number));
        }

        var domain = DomainOf(to);
        var next = Scratch(from.Words);
        next.Fill(ulong.MaxValue);
        for (var g = 0; g < edge.Groups; g++)
        {
            if (!Bits.Meet(domain, Accepted(edge, g, from, to)))
            {
                Bits.AndNot(next, Asking(edge, g, from));
            }
        }

        return Narrow(edge.From, next, Reason.Of(Reason.Backward, number));
    }

    // Where the asked variable is one of the lost values, the asking one has a value that accepts one of them.
    private void ExplainForward(int number, ReadOnlySpan<ulong> lost)
    {
        ref readonly var edge = ref _edges[number];
        ref readonly var from = ref _variables[edge.From];
        ref readonly var to = ref _variables[edge.To];
        Span<ulong> refusing = stackalloc ulong[from.Words];
        for (var g = 0; g < edge.Groups; g++)
        {
            if (!Bits.Meet(lost, Accepted(edge, g, from, to)))
            {
                Bits.Or(refusing, Asking(edge, g, from));
            }
        }

        Record(Reason.Of(Reason.Forward, number), refusing);
        Span<ulong> others = stackalloc ulong[from.Words];
        Bits.Fill(others, from.Values);
        Bits.AndNot(others, refusing);
        Merge(edge.From, others);
    }

    // Where the asking variable has one of the lost values, the asked one has a value that one of them accepts.
    private void ExplainBackward(int number, ReadOnlySpan<ulong> lost)
    {
        ref readonly var edge = ref _edges[number];
        ref readonly var from = ref _variables[edge.From];
        ref readonly var to = ref _variables[edge.To];
        Span<ulong> accepted = stackalloc ulong[to.Words];
        for (var g = 0; g < edge.Groups; g++)
        {
            if (Bits.Meet(lost, Asking(edge, g, from)))
            {
                Bits.Or(accepted, Accepted(edge, g, from, to));
            }
        }

        Record(Reason.Of(Reason.Forward, number), lost);
        Merge(edge.To, accepted);
    }

    private Span<ulong> Asking(in Edge edge, int group, in Variable from) =>
        _sets.At(edge.At + from.Words + (group * (edge.Single ? 2 : from.Words + _variables[edge.To].Words)), from.Words);

    private Span<ulong> Accepted(in Edge edge, int group, in Variable from, in Variable to) =>
        _sets.At(edge.At + from.Words + (group * (from.Words + to.Words)) + from.Words, to.Words);

    private Span<ulong> Scratch(int words)
    {
        if (_scratch.Length < words)
        {
            _scratch = new ulong[words * 2];
        }

        return _scratch.AsSpan(0, words);
    }

    /// <summary>One word for values that ask nothing, then the groups.</summary>
    private readonly record struct Edge(int From, int To, int At, int Groups, bool Single);
}
