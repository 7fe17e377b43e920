namespace Tutti.Decisions.Versions.Solving.Search;

// Sums: no more of these literals are false than the bound, itself a variable, says.
internal sealed partial class DomainSearch
{
    private readonly List<Sum> _sums = [];

    /// <summary>Adds a sum and its bound.</summary>
    /// <returns>The bound, a variable with the values 0 to the number of literals.</returns>
    public int AddSum(IReadOnlyList<Literal> literals)
    {
        Backtrack(0);
        Span<ulong> all = new ulong[Bits.WordsFor(literals.Count + 1)];
        Bits.Fill(all, literals.Count + 1);
        var bound = AddVariable(literals.Count + 1, all, all, lazy: false, decided: false);
        var sum = _sums.Count;
        _sums.Add(new Sum([.. literals], bound));
        foreach (var variable in literals.Select(l => l.Variable).Append(bound).Distinct())
        {
            (_variables[variable].Sums ??= []).Add(sum);
        }

        _sumQueue.Enqueue(sum);
        return bound;
    }

    private bool PropagateSum(int number)
    {
        var sum = _sums[number];
        var broken = 0;
        foreach (var (variable, set) in sum.Literals)
        {
            broken += Bits.Meet(Domain(variable), set) ? 0 : 1;
        }

        var reason = Reason.Of(Reason.Sum, number);
        if (broken > 0)
        {
            var atLeast = Scratch(_variables[sum.Bound].Words);
            Bits.Fill(atLeast, broken);
            for (var k = 0; k < atLeast.Length; k++)
            {
                atLeast[k] = ~atLeast[k];
            }

            if (!Narrow(sum.Bound, atLeast, reason))
            {
                return false;
            }
        }

        if (Bits.Highest(Domain(sum.Bound)) > broken)
        {
            return true;
        }

        foreach (var (variable, set) in sum.Literals)
        {
            if (Bits.Meet(Domain(variable), set) && !Narrow(variable, set, reason))
            {
                return false;
            }
        }

        return true;
    }

    // Either the bound was raised above the lost values, or one more literal would have gone over it.
    private void ExplainSum(int number, int v, ReadOnlySpan<ulong> lost, int place)
    {
        var sum = _sums[number];
        int needed;
        if (v == sum.Bound)
        {
            needed = Bits.Highest(lost) + 1;
        }
        else
        {
            var bound = DomainBefore(sum.Bound, place);
            needed = Bits.Highest(bound);
            Span<ulong> above = stackalloc ulong[bound.Length];
            Span<ulong> below = stackalloc ulong[bound.Length];
            Bits.Fill(above, _variables[sum.Bound].Values);
            Bits.Fill(below, needed + 1);
            Bits.AndNot(above, below);
            Merge(sum.Bound, above);
        }

        foreach (var (variable, set) in sum.Literals)
        {
            if (needed == 0)
            {
                break;
            }

            if (!Bits.Meet(DomainBefore(variable, place), set))
            {
                Merge(variable, set);
                needed--;
            }
        }
    }

    private sealed record Sum(Literal[] Literals, int Bound);
}
