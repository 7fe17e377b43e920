namespace Tutti.Decisions.Versions.Solving.Search;

/// <summary>Finds values for variables with small domains, so that every constraint holds, or learns that there are none.</summary>
/// <remarks>
/// Conflict-driven clause learning over signed literals: a literal says that a variable's value is in a set, a clause has at most one literal for
/// each variable, and resolving two literals of one variable intersects their sets. Constraints are edges (a value of one variable asks a set
/// of values of another; kept arc consistent, explained when asked), sums, and clauses under two watches. Sources: GRASP (Marques-Silva and Sakallah 1996), Chaff (Moskewicz and others 2001),
/// MiniSat (Eén and Sörensson 2003); signed clauses: CAMA (Liu, Kuehlmann and Moskewicz 2003); explanations made late: lazy clause generation (Ohrimenko, Stuckey and Codish 2009).
/// </remarks>
internal sealed partial class DomainSearch
{
    private readonly WordPool _domains = new();
    private readonly WordPool _free = new();
    private readonly WordPool _literals = new();
    private readonly WordPool _saved = new();
    private readonly WordPool _sets = new();
    private readonly List<int> _levelStart = [];
    private Variable[] _variables = new Variable[64];
    private Entry[] _trail = new Entry[256];
    private int _trailCount;

    /// <summary>Called for a lazy variable that has lost all its free values: adds what constrains its other values.</summary>
    public Action<int>? Expand { get; set; }

    /// <summary>Whether to remember what each learned clause follows from, so that a contradiction can name its edges.</summary>
    public bool Tracking { get; set; }

    /// <summary>Ends a search that takes too long.</summary>
    public CancellationToken Cancel { get; init; }

    public int Count { get; private set; }

    private int Level => _levelStart.Count;

    /// <summary>Adds a variable.</summary>
    /// <param name="values">How many values there are, from 0 on.</param>
    /// <param name="domain">Those that are possible.</param>
    /// <param name="free">Those that are tried first.</param>
    /// <param name="lazy">Whether constraints on values that are not free come with <see cref="Expand"/>.</param>
    /// <param name="decided">Whether a solution has to give it a value; others follow from these.</param>
    public int AddVariable(int values, ReadOnlySpan<ulong> domain, ReadOnlySpan<ulong> free, bool lazy, bool decided)
    {
        if (Count == _variables.Length)
        {
            Array.Resize(ref _variables, Count * 2);
        }

        var at = _domains.Take(domain);
        _free.Take(free);
        _literals.Take(domain.Length);
        _variables[Count] = new Variable
        {
            At = at,
            Words = domain.Length,
            Values = values,
            Last = -1,
            Phase = -1,
            Lazy = lazy,
            Decided = decided,
            Watches = [],
            Out = [],
            In = [],
        };
        _heap.AddVariable();
        if (decided)
        {
            _heap.Insert(Count);
        }

        Count++;
        if (IsPossible && Bits.IsEmpty(domain))
        {
            BeginAnalysis();
            Span<ulong> all = stackalloc ulong[domain.Length];
            Bits.Fill(all, values);
            Merge(Count - 1, all);
            IsPossible = false;
        }

        return Count - 1;
    }

    /// <summary>From now on every value of this variable is constrained.</summary>
    public void Expanded(int variable) => _variables[variable].Lazy = false;

    public bool IsLazy(int variable) => _variables[variable].Lazy;

    public ReadOnlySpan<ulong> Domain(int variable) => _domains.At(_variables[variable].At, _variables[variable].Words);

    public ReadOnlySpan<ulong> Free(int variable) => _free.At(_variables[variable].At, _variables[variable].Words);

    /// <summary>The only value that is left; -1 where there are several.</summary>
    public int Value(int variable)
    {
        var domain = Domain(variable);
        var highest = Bits.Highest(domain);
        return Bits.Next(domain, 0) == highest ? highest : -1;
    }

    /// <summary>How many values it has, from 0 on, possible or not.</summary>
    public int ValuesOf(int variable) => _variables[variable].Values;

    /// <summary>Values to try first, by variable; -1: no matter.</summary>
    public void Suggest(ReadOnlySpan<int> values)
    {
        for (var v = 0; v < values.Length; v++)
        {
            _variables[v].Phase = values[v];
        }
    }

    /// <summary>Goes back to what holds without any decision, and draws all conclusions.</summary>
    public void ToRoot()
    {
        Backtrack(0);
        IsPossible = IsPossible && Concluded(Propagate());
    }

    /// <summary>Lets the variable have only these values, for good.</summary>
    /// <returns>False where this leaves nothing.</returns>
    public bool Require(int variable, ReadOnlySpan<ulong> set)
    {
        Backtrack(0);
        return IsPossible && (IsPossible = Concluded(Narrow(variable, set, Reason.Asked)));
    }

    /// <summary>False once a contradiction was found without any decision.</summary>
    public bool IsPossible { get; private set; } = true;

    private Span<ulong> DomainOf(in Variable variable) => _domains.At(variable.At, variable.Words);

    private bool Narrow(int v, ReadOnlySpan<ulong> to, int reason)
    {
        ref var variable = ref _variables[v];
        var domain = DomainOf(variable);
        if (Bits.IsWithin(domain, to))
        {
            return true;
        }

        if (!Bits.Meet(domain, to))
        {
            Contradict(v, reason);
            return false;
        }

        if (_trailCount == _trail.Length)
        {
            Array.Resize(ref _trail, _trailCount * 2);
        }

        var saved = _saved.Take(variable.Words * 2);
        var old = _saved.At(saved, variable.Words);
        domain.CopyTo(old);
        Bits.And(domain, to);
        domain.CopyTo(_saved.At(saved + variable.Words, variable.Words));
        _trail[_trailCount] = new Entry(v, variable.Last, Level, reason, saved);
        variable.Last = _trailCount++;
        if (!variable.Queued)
        {
            variable.Queued = true;
            _queue.Enqueue(v);
        }

        if (variable.Lazy && !Bits.Meet(domain, _free.At(variable.At, variable.Words)))
        {
            _unfree.Add(v);
        }

        return true;
    }

    private void Backtrack(int level)
    {
        if (Level <= level)
        {
            return;
        }

        var start = _levelStart[level];
        while (_trailCount > start)
        {
            ref var entry = ref _trail[--_trailCount];
            ref var variable = ref _variables[entry.Variable];
            if (variable.Decided)
            {
                var value = Value(entry.Variable);
                variable.Phase = value >= 0 ? value : variable.Phase;
                _heap.Insert(entry.Variable);
            }

            _saved.At(entry.Saved, variable.Words).CopyTo(DomainOf(variable));
            variable.Last = entry.Previous;
        }

        _saved.CutTo(start == 0 ? 0 : _trail[start - 1].Saved + (2 * _variables[_trail[start - 1].Variable].Words));
        _assumedNext = _levelAssumed[level];
        _levelStart.RemoveRange(level, Level - level);
        _levelAssumed.RemoveRange(level, _levelAssumed.Count - level);
        _orderNext = 0;
        _guessedAt = level < _guessedAt ? int.MaxValue : _guessedAt;
        ClearQueues();
        RequeueLateEdges(level);
    }

    private Span<ulong> Old(in Entry entry) => _saved.At(entry.Saved, _variables[entry.Variable].Words);

    private Span<ulong> New(in Entry entry)
    {
        var words = _variables[entry.Variable].Words;
        return _saved.At(entry.Saved + words, words);
    }

    /// <summary>The variable's values as they were before that place of the trail.</summary>
    private Span<ulong> DomainBefore(int variable, int place)
    {
        var domain = DomainOf(_variables[variable]);
        for (var at = _variables[variable].Last; at >= place; at = _trail[at].Previous)
        {
            domain = Old(_trail[at]);
        }

        return domain;
    }

    private struct Variable
    {
        public int At;
        public int Words;
        public int Values;
        public int Last;
        public int Phase;
        public bool Lazy;
        public bool Decided;
        public bool Queued;
        public bool Marked;
        public bool Open;
        public List<Watch> Watches;
        public List<int> Out;
        public List<int> In;
        public List<int>? Sums;
    }

    /// <summary>One loss of values: of which variable, its loss before this one, the level and the reason, and where its values before and after are kept.</summary>
    private readonly record struct Entry(int Variable, int Previous, int Level, int Reason, int Saved);

    /// <summary>Why values are lost: a kind in the lowest bits, a number above.</summary>
    private static class Reason
    {
        public const int Asked = 0;
        public const int Decision = 1;
        public const int Forward = 2;
        public const int Backward = 3;
        public const int Clause = 4;
        public const int Sum = 5;
        public const int KindMask = 7;

        public static int Of(int kind, int number) => (number << 3) | kind;
    }
}
