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
    // Parallel: what is assumed, and for bounds of sums the number of literals that may break for free.
    private readonly List<Literal> _assumed = [];
    private readonly List<int> _allowed = [];

    /// <summary>Adds a literal that should hold; also while <see cref="Minimize"/> runs.</summary>
    public void Add(Literal literal)
    {
        _assumed.Add(literal);
        _allowed.Add(0);
    }

    /// <summary>Finds the least number of broken literals, and makes it hold for good that no more are broken. The search is left with such a solution.</summary>
    /// <remarks>There has to be a solution.</remarks>
    public int Minimize()
    {
        var cost = 0;
        while (!search.Search(_assumed, []))
        {
            if (!search.IsPossible)
            {
                throw new InvalidOperationException("The versions could be had before they were compared, and now cannot.");
            }

            cost++;
            Relax([.. search.Core.Distinct().OrderDescending()]);
        }

        var solution = Enumerable.Range(0, search.Count).Select(search.Value).ToArray();
        foreach (var (variable, set) in _assumed)
        {
            search.Require(variable, set);
        }

        search.Suggest(solution);
        return cost;
    }

    private void Relax(int[] core)
    {
        search.ToRoot();
        var literals = core.Select(place => _assumed[place]).ToArray();
        var allowed = core.Select(place => _allowed[place]).ToArray();
        foreach (var place in core)
        {
            _assumed.RemoveAt(place);
            _allowed.RemoveAt(place);
        }

        search.AddClause([.. literals.Select(l => new Literal(l.Variable, Others(l)))]);
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

    private ulong[] Others(Literal literal)
    {
        var others = new ulong[literal.Set.Length];
        Bits.Fill(others, search.ValuesOf(literal.Variable));
        Bits.AndNot(others, literal.Set);
        return others;
    }
}
