namespace Tutti.Decisions.Versions.Solving.Search;

// Decisions: what is tried, in which order, and when to begin anew.
internal sealed partial class DomainSearch
{
    private const int RestartUnit = 100;

    private readonly ActivityHeap _heap = new();
    private readonly List<int> _levelAssumed = [];
    private readonly List<int> _core = [];
    private readonly List<Literal> _coreClause = [];
    private IReadOnlyList<Literal> _assumed = [];
    private IReadOnlyList<Preference> _order = [];
    private bool _assumedOnly;
    private int _assumedNext;
    private int _orderNext;
    private int _guessedAt = int.MaxValue;

    /// <summary>After a search that failed: the numbers of assumed literals that cannot hold together; none where nothing is possible at all.</summary>
    public IReadOnlyList<int> Core => _core;

    /// <summary>Looks for a value for every variable.</summary>
    /// <param name="assumed">Literals that have to hold this time. The list may grow meanwhile; what comes after the first guess is left out.</param>
    /// <param name="order">Variables to decide first, in this order, each at the best value that is left: the first solution is then the best in the order of these.</param>
    /// <returns>True: <see cref="Value"/> has the solution.</returns>
    public bool Search(IReadOnlyList<Literal> assumed, IReadOnlyList<Preference> order) => Search(assumed, order, int.MaxValue)!.Value;

    /// <summary>The same, giving up (null) after so many contradictions. What was learned is kept.</summary>
    public bool? Search(IReadOnlyList<Literal> assumed, IReadOnlyList<Preference> order, int mostConflicts)
    {
        Backtrack(0);
        (_assumed, _order, _assumedNext, _orderNext) = (assumed, order, 0, 0);
        _core.Clear();
        var (round, left, last) = (1, RestartUnit, mostConflicts == int.MaxValue ? int.MaxValue : Conflicts + mostConflicts);
        while (IsPossible)
        {
            if (!Propagate())
            {
                Cancel.ThrowIfCancellationRequested();
                left--;
                if (!Learn())
                {
                    return IsPossible = false;
                }
            }
            else if (left <= 0)
            {
                left = RestartUnit * Luby(++round);
                Backtrack(0);
                ForgetSome();
                if (Conflicts >= last)
                {
                    return null;
                }
            }
            else if (Decide() is { } found)
            {
                return found;
            }
        }

        return false;
    }

    /// <summary>Whether literals are at once seen not to hold together, without guessing anything: then <see cref="Core"/> says which.</summary>
    public bool Refutes(IReadOnlyList<Literal> assumed)
    {
        _assumedOnly = true;
        var holds = Search(assumed, []);
        _assumedOnly = false;
        return !holds;
    }

    // Null: a decision was taken.
    private bool? Decide()
    {
        while (_guessedAt == int.MaxValue && _assumedNext < _assumed.Count)
        {
            var (variable, set) = _assumed[_assumedNext];
            if (Bits.IsWithin(Domain(variable), set))
            {
                _assumedNext++;
                continue;
            }

            if (!Bits.Meet(Domain(variable), set))
            {
                FindCore(variable, set);
                return false;
            }

            Open();
            _assumedNext++;
            Narrow(variable, set, Reason.Of(Reason.Decision, _assumedNext));
            return null;
        }

        if (_assumedOnly)
        {
            return true;
        }

        while (_orderNext < _order.Count)
        {
            var (variable, values) = _order[_orderNext];
            if (Value(variable) < 0)
            {
                Take(variable, values is null ? Bits.Highest(Domain(variable)) : Array.Find(values, value => Bits.Has(Domain(variable), value)));
                return null;
            }

            _orderNext++;
        }

        int next;
        do
        {
            next = _heap.Pop();
            if (next < 0)
            {
                return true;
            }
        }
        while (Value(next) >= 0);
        Take(next, Preferred(next));
        return null;
    }

    private int Preferred(int v)
    {
        ref readonly var variable = ref _variables[v];
        if (variable.Phase >= 0 && Bits.Has(Domain(v), variable.Phase))
        {
            return variable.Phase;
        }

        Span<ulong> free = stackalloc ulong[variable.Words];
        Free(v).CopyTo(free);
        Bits.And(free, Domain(v));
        return Bits.IsEmpty(free) ? Bits.Nearest(Domain(v), Bits.Highest(Free(v))) : Bits.Highest(free);
    }

    private void Take(int variable, int value)
    {
        Open();
        _guessedAt = Math.Min(_guessedAt, Level);
        Span<ulong> only = stackalloc ulong[_variables[variable].Words];
        Bits.Set(only, value);
        Narrow(variable, only, Reason.Decision);
    }

    private void Open()
    {
        _levelStart.Add(_trailCount);
        _levelAssumed.Add(_assumedNext);
    }

    // The assumed literals without which this one could hold, and the clause that says that not all of them can.
    private void FindCore(int variable, ulong[] set)
    {
        BeginAnalysis();
        _coreClause.Clear();
        _core.Add(_assumedNext);
        Merge(variable, set);
        var others = new ulong[set.Length];
        Bits.Fill(others, _variables[variable].Values);
        Bits.AndNot(others, set);
        _coreClause.Add(new Literal(variable, others));
        for (var place = _trailCount - 1; place >= 0 && _trail[place].Level > 0; place--)
        {
            var reason = _trail[place].Reason;
            if (Resolve(place) && (reason & Reason.KindMask) == Reason.Decision)
            {
                _core.Add((reason >> 3) - 1);
                _coreClause.Add(new Literal(_trail[place].Variable, _lost.AsSpan(0, _variables[_trail[place].Variable].Words).ToArray()));
            }
        }

        if (Tracking)
        {
            _coreClause.AddRange(_marked.Select(v => new Literal(v, LiteralOf(v).ToArray())).Where(l => !Bits.IsEmpty(l.Set)));
        }
    }

    /// <summary>Keeps for good that the literals of <see cref="Core"/> cannot hold together.</summary>
    public void LearnCore() => AddClause(_coreClause, learned: true);

    // 1 1 2 1 1 2 4 1 1 2 1 1 2 4 8 ...: Luby, Sinclair and Zuckerman 1993.
    private static int Luby(int number)
    {
        var size = 1;
        while (size < number)
        {
            size = (size * 2) + 1;
        }

        while (size != number)
        {
            size /= 2;
            number = number > size ? number - size : number;
        }

        return (size + 1) / 2;
    }

    /// <summary>A variable with its values from the best on; null: the highest first.</summary>
    public readonly record struct Preference(int Variable, int[]? Values);
}
