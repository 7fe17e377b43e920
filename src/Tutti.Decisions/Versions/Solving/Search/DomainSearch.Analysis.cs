namespace Tutti.Decisions.Versions.Solving.Search;

// Analysis: which clause follows from a contradiction.
internal sealed partial class DomainSearch
{
    private readonly List<int> _marked = [];
    private ulong[] _lost = new ulong[4];
    private int _analysed;
    private int _open;

    /// <summary>How many contradictions were met.</summary>
    public int Conflicts { get; private set; }

    // Begins with the clause that says that one of the variable's last values stays, unless its reason holds no more.
    private void Contradict(int v, int reason)
    {
        BeginAnalysis();
        ref var variable = ref _variables[v];
        var lost = Lost(DomainOf(variable));
        if ((reason & Reason.KindMask) == Reason.Clause)
        {
            var clause = _clauses[reason >> 3];
            Merge(v, clause.Sets[Array.IndexOf(clause.Variables, v)]);
        }
        else
        {
            Span<ulong> others = stackalloc ulong[variable.Words];
            Bits.Fill(others, variable.Values);
            Bits.AndNot(others, lost);
            Merge(v, others);
        }

        Explain(v, lost, reason, _trailCount);
    }

    private void BeginAnalysis()
    {
        foreach (var v in _marked)
        {
            _variables[v].Marked = false;
        }

        _marked.Clear();
        _uses.Clear();
        _analysed = int.MaxValue;
        _open = 0;
    }

    private Span<ulong> LiteralOf(int v) => _literals.At(_variables[v].At, _variables[v].Words);

    private void Merge(int v, ReadOnlySpan<ulong> set)
    {
        if (Bits.IsEmpty(set))
        {
            return;
        }

        ref var variable = ref _variables[v];
        var literal = LiteralOf(v);
        if (!variable.Marked)
        {
            variable.Marked = true;
            variable.Open = false;
            _marked.Add(v);
            literal.Clear();
        }

        Bits.Or(literal, set);
        Reopen(v);
    }

    // Open is a literal that became false at the level that is analysed.
    private void Reopen(int v)
    {
        if (_analysed == int.MaxValue)
        {
            return;
        }

        ref var variable = ref _variables[v];
        var open = Bits.Meet(LiteralOf(v), DomainBefore(v, _levelStart[_analysed - 1]));
        if (open != variable.Open)
        {
            variable.Open = open;
            _open += open ? 1 : -1;
        }
    }

    private void Explain(int v, ReadOnlySpan<ulong> lost, int reason, int place)
    {
        var number = reason >> 3;
        switch (reason & Reason.KindMask)
        {
            case Reason.Forward:
                ExplainForward(number, lost);
                break;
            case Reason.Backward:
                ExplainBackward(number, lost);
                break;
            case Reason.Clause:
                ExplainClause(number, v);
                break;
            case Reason.Sum:
                ExplainSum(number, v, lost, place);
                break;
        }
    }

    // Replaces, in the clause so far, what this loss made false by what caused the loss. False where the loss does not matter.
    private bool Resolve(int place)
    {
        ref var entry = ref _trail[place];
        var v = entry.Variable;
        if (!_variables[v].Marked)
        {
            return false;
        }

        var lost = Lost(Old(entry));
        Bits.AndNot(lost, New(entry));
        var literal = LiteralOf(v);
        Bits.And(lost, literal);
        if (Bits.IsEmpty(lost))
        {
            return false;
        }

        Bits.AndNot(literal, lost);
        Reopen(v);
        _heap.Bump(v);
        Explain(v, lost, entry.Reason, place);
        return true;
    }

    private Span<ulong> Lost(ReadOnlySpan<ulong> copy)
    {
        if (_lost.Length < copy.Length)
        {
            _lost = new ulong[copy.Length * 2];
        }

        copy.CopyTo(_lost);
        return _lost.AsSpan(0, copy.Length);
    }

    // The level at which the literal became false, as things are.
    private int LevelOf(int v)
    {
        var literal = LiteralOf(v);
        for (var at = _variables[v].Last; at >= 0; at = _trail[at].Previous)
        {
            if (Bits.Meet(literal, Old(_trail[at])))
            {
                return _trail[at].Level;
            }
        }

        return 0;
    }

    // Learns from the contradiction and goes back to where the new clause says something. False where there was no decision.
    private bool Learn()
    {
        Conflicts++;
        var level = _marked.Count == 0 ? 0 : _marked.Max(LevelOf);
        Backtrack(level);
        if (level == 0)
        {
            IsPossible = false;
            ResolveAll();
            return false;
        }

        _analysed = level;
        foreach (var v in _marked)
        {
            Reopen(v);
        }

        for (var place = _trailCount - 1; _open > 1; place--)
        {
            Resolve(place);
        }

        var (clause, back) = LearnedClause();
        BeginAnalysis();
        Backtrack(back);
        if (clause.Variables.Length > 1)
        {
            _learned.Add(clause.Number);
        }

        _heap.Age();
        AgeClauses();

        // It cannot contradict: its first literal was possible at this level.
        return Attach(clause);
    }

    private (Clause Clause, int Back) LearnedClause()
    {
        var literals = new List<(int Variable, int Level)>();
        foreach (var v in _marked)
        {
            var literal = LiteralOf(v);
            if (Bits.IsEmpty(literal))
            {
                continue;
            }

            var level = LevelOf(v);
            if (level > 0 || Tracking)
            {
                literals.Add((v, level));
            }
        }

        // The one that will hold first, then the one that became false last.
        literals.Sort((a, b) => b.Level != a.Level ? b.Level.CompareTo(a.Level) : a.Variable.CompareTo(b.Variable));
        var clause = new Clause(
            _clauses.Count,
            [.. literals.Select(l => l.Variable)],
            [.. literals.Select(l => LiteralOf(l.Variable).ToArray())],
            learned: true)
        {
            Activity = _clauseStep,
            Uses = Tracking ? [.. _uses] : [],
        };
        return (clause, literals.Count > 1 ? literals[1].Level : 0);
    }

    // A contradiction without any decision is the last: what it follows from is found at once.
    private bool Concluded(bool holds)
    {
        if (!holds)
        {
            ResolveAll();
        }

        return holds;
    }

    // Goes all the way back: what is left is false from the start.
    private void ResolveAll()
    {
        _analysed = int.MaxValue;
        for (var place = _trailCount - 1; place >= 0; place--)
        {
            Resolve(place);
        }
    }
}
