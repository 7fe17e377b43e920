using Tutti.Decisions.Versions.Solving.Search;

namespace Tutti.Decisions.Versions.Solving.Optimizing;

/// <summary>Breaks as few of some literals as possible.</summary>
/// <remarks>
/// Source: OLL (Andres, Kaufmann, Matheis and Schaub, "Unsatisfiability-based optimization in clasp", ICLP 2012), as in RC2 (Ignatiev, Morgado and Marques-Silva 2019).
/// All literals are assumed; where some cannot hold together, at least one of them breaks: this is counted, and a sum lets one of them break for free, the second at a
/// further cost. What can at last be assumed all together is a solution that breaks as many as were counted, which is the least.
/// </remarks>
internal sealed class CoreGuided(DomainSearch search)
{
    private const int FirstPatience = 500;

    // Parallel: what is assumed, and for bounds of sums the number of literals that may break for free.
    private readonly List<Literal> _assumed = [];
    private readonly List<int> _allowed = [];
    private readonly List<Literal> _original = [];
    private int[] _solution = [];
    private int _least = int.MaxValue;
    private int _patience = FirstPatience;

    /// <summary>Adds a literal that should hold; also while <see cref="Minimize"/> runs.</summary>
    public void Add(Literal literal)
    {
        _assumed.Add(literal);
        _allowed.Add(0);
        _original.Add(literal);
    }

    /// <summary>Finds the least number of broken literals, and makes it hold for good that no more are broken. The search is left with such a solution.</summary>
    /// <returns>-1 where there is no solution at all.</returns>
    public int Minimize()
    {
        var cost = 0;
        while (TryAll() is var holds && holds != true && cost != _least)
        {
            if (!search.IsPossible)
            {
                return -1;
            }

            if (holds == false)
            {
                cost++;
                Relax(Shrunk([.. search.Core.Distinct()]));
            }
            else if (!TryAny())
            {
                return -1;
            }
        }

        var solution = cost == _least ? _solution : Values();
        foreach (var (variable, set) in _assumed)
        {
            search.Require(variable, set);
        }

        search.Suggest(solution);
        return cost;
    }

    // Literals that were added behind a search's first guess were not assumed in it. Null: this takes long.
    private bool? TryAll()
    {
        while (search.Search(_assumed, [], _patience) is var holds)
        {
            if (holds != true || _assumed.TrueForAll(l => Bits.IsWithin(search.Domain(l.Variable), l.Set)))
            {
                return holds;
            }
        }

        return null;
    }

    // Any solution at all: whether there is one may be easier to tell, and says how many breaks are enough. Each time this is given more time, and so is what follows it.
    private bool TryAny()
    {
        _patience *= 2;
        var holds = search.Search([], [], _patience);
        if (holds == true)
        {
            var broken = _original.Count(l => !Bits.Meet(search.Domain(l.Variable), l.Set));
            (_least, _solution) = broken < _least ? (broken, Values()) : (_least, _solution);
        }

        return holds != false;
    }

    private int[] Values() => [.. Enumerable.Range(0, search.Count).Select(search.Value)];

    // Smaller cores say more. First all the core's literals again, the last first, as long as some prove needless; then each is left out in turn.
    private int[] Shrunk(int[] core)
    {
        search.LearnCore();
        for (var before = int.MaxValue; core.Length > 1 && core.Length < before;)
        {
            before = core.Length;
            core = Refuted([.. core.Order()]) ?? Refuted([.. core.OrderDescending()]) ?? core;
        }

        for (var i = 0; i < core.Length && core.Length > 1;)
        {
            int[] left = [.. core[..i], .. core[(i + 1)..]];
            if (Refuted(left) is { } smaller)
            {
                // Those before this place cannot be left out, and are still there.
                core = [.. left.Where(smaller.Contains)];
            }
            else
            {
                i++;
            }
        }

        return [.. core.OrderDescending()];
    }

    private int[]? Refuted(int[] places)
    {
        if (!search.Refutes([.. places.Select(place => _assumed[place])]))
        {
            return null;
        }

        int[] core = [.. search.Core.Distinct().Select(i => places[i])];
        search.LearnCore();
        return core;
    }

    private void Relax(int[] core)
    {
        var literals = core.Select(place => _assumed[place]).ToArray();
        var allowed = core.Select(place => _allowed[place]).ToArray();
        foreach (var place in core)
        {
            _assumed.RemoveAt(place);
            _allowed.RemoveAt(place);
        }

        for (var i = 0; i < literals.Length; i++)
        {
            // Of a sum, one more may break now.
            if (allowed[i] > 0)
            {
                AssumeAtMost(literals[i].Variable, allowed[i] + 1);
            }
        }

        if (literals.Length > 1)
        {
            AssumeAtMost(search.AddSum(literals), 1);
        }
    }

    private void AssumeAtMost(int bound, int allowed)
    {
        var values = search.ValuesOf(bound);
        if (allowed < values - 1)
        {
            var set = new ulong[Bits.WordsFor(values)];
            Bits.Fill(set, allowed + 1);
            _assumed.Add(new Literal(bound, set));
            _allowed.Add(allowed);
        }
    }
}
