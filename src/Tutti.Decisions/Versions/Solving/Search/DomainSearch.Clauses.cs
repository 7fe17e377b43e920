using System.Runtime.InteropServices;

namespace Tutti.Decisions.Versions.Solving.Search;

// Clauses: at least one of these variables has a value of its set.
internal sealed partial class DomainSearch
{
    private const int FirstLimit = 4000;

    private readonly List<Clause> _clauses = [];
    private readonly List<int> _learned = [];
    private double _clauseStep = 1;
    private int _learnedLimit = FirstLimit;

    /// <summary>Adds a clause for good. Literals of one variable are taken together.</summary>
    /// <returns>False where it contradicts what holds without any decision.</returns>
    public bool AddClause(IReadOnlyList<Literal> literals) => AddClause(literals, learned: false);

    private bool AddClause(IReadOnlyList<Literal> literals, bool learned)
    {
        Backtrack(0);
        var byVariable = new SortedDictionary<int, ulong[]>();
        foreach (var (variable, set) in literals)
        {
            if (byVariable.TryGetValue(variable, out var there))
            {
                Bits.Or(there, set);
            }
            else
            {
                byVariable.Add(variable, [.. set]);
            }
        }

        // Two that can still hold come first, for the watches.
        var ordered = byVariable.OrderBy(l => Bits.Meet(Domain(l.Key), l.Value) ? 0 : 1).ToArray();
        var clause = new Clause(_clauses.Count, [.. ordered.Select(l => l.Key)], [.. ordered.Select(l => l.Value)], learned)
        {
            Uses = learned && Tracking ? [.. _uses] : [],
        };
        return IsPossible && (IsPossible = Concluded(Attach(clause)));
    }

    // Adds the clause; where all but the first of its literals are false, the first has to hold.
    private bool Attach(Clause clause)
    {
        _clauses.Add(clause);
        if (clause.Variables.Length > 1)
        {
            WatchAt(clause, 0);
            WatchAt(clause, 1);
            if (Bits.Meet(Domain(clause.Variables[1]), clause.Sets[1]))
            {
                return true;
            }
        }

        return Narrow(clause.Variables[0], clause.Sets[0], Reason.Of(Reason.Clause, clause.Number));
    }

    private void WatchAt(Clause clause, int place) =>
        _variables[clause.Variables[place]].Watches.Add(new Watch(clause, clause.Sets[place][0]));

    private bool PropagateClauses(int v)
    {
        var watches = _variables[v].Watches;
        var single = _variables[v].Words == 1;
        var kept = 0;
        for (var i = 0; i < watches.Count; i++)
        {
            var watch = watches[i];
            var clause = watch.Clause;
            if (single ? (watch.Word & _domains[_variables[v].At]) != 0 : !clause.Dead && Bits.Meet(Domain(v), clause.Sets[clause.Variables[0] == v ? 0 : 1]))
            {
                watches[kept++] = watch;
                continue;
            }

            if (clause.Dead)
            {
                continue;
            }

            if (clause.Variables[0] == v)
            {
                clause.Swap(0, 1);
            }

            if (Bits.IsWithin(Domain(clause.Variables[0]), clause.Sets[0]))
            {
                watches[kept++] = watch;
                continue;
            }

            var other = 2;
            while (other < clause.Variables.Length && !Bits.Meet(Domain(clause.Variables[other]), clause.Sets[other]))
            {
                other++;
            }

            if (other < clause.Variables.Length)
            {
                clause.Swap(1, other);
                WatchAt(clause, 1);
                continue;
            }

            watches[kept++] = watch;
            if (!Narrow(clause.Variables[0], clause.Sets[0], Reason.Of(Reason.Clause, clause.Number)))
            {
                while (++i < watches.Count)
                {
                    watches[kept++] = watches[i];
                }

                watches.RemoveRange(kept, watches.Count - kept);
                return false;
            }
        }

        CollectionsMarshal.SetCount(watches, kept);
        return true;
    }

    private void ExplainClause(int number, int v)
    {
        var clause = _clauses[number];
        if (clause.Learned)
        {
            clause.Activity += _clauseStep;
            if (Tracking)
            {
                Record(Reason.Of(Reason.Clause, number), []);
            }
        }

        for (var i = 0; i < clause.Variables.Length; i++)
        {
            if (clause.Variables[i] != v)
            {
                Merge(clause.Variables[i], clause.Sets[i]);
            }
        }
    }

    // The half of the learned clauses that took part in conflicts least and longest ago goes.
    private void ForgetSome()
    {
        if (_learned.Count < _learnedLimit)
        {
            return;
        }

        var inUse = new HashSet<int>();
        for (var i = 0; i < _trailCount; i++)
        {
            if ((_trail[i].Reason & Reason.KindMask) == Reason.Clause)
            {
                inUse.Add(_trail[i].Reason >> 3);
            }
        }

        var victims = _learned.Where(c => _clauses[c].Variables.Length > 2 && !inUse.Contains(c)).OrderBy(c => _clauses[c].Activity).ThenBy(c => c).Take(_learned.Count / 2).ToHashSet();
        foreach (var victim in victims)
        {
            _clauses[victim].Die();
        }

        _learned.RemoveAll(victims.Contains);
        _learnedLimit += _learnedLimit / 10;
    }

    private void AgeClauses()
    {
        _clauseStep *= 1 / 0.999;
        if (_clauseStep > 1e100)
        {
            foreach (var learned in _learned)
            {
                _clauses[learned].Activity /= 1e100;
            }

            _clauseStep /= 1e100;
        }
    }

    private readonly record struct Watch(Clause Clause, ulong Word);

    private sealed class Clause(int number, int[] variables, ulong[][] sets, bool learned)
    {
        public int Number => number;

        public int[] Variables { get; private set; } = variables;

        public ulong[][] Sets { get; private set; } = sets;

        public bool Learned => learned;

        public bool Dead { get; private set; }

        public double Activity { get; set; }

        /// <summary>What a learned clause follows from, where that is remembered.</summary>
        public Use[] Uses { get; init; } = [];

        public void Swap(int a, int b)
        {
            (Variables[a], Variables[b]) = (Variables[b], Variables[a]);
            (Sets[a], Sets[b]) = (Sets[b], Sets[a]);
        }

        public void Die()
        {
            Dead = true;
            Variables = [];
            Sets = [];
        }
    }
}

/// <summary>A variable has a value of a set.</summary>
internal readonly record struct Literal(int Variable, ulong[] Set);
