using Tutti.Model.Manifest;

namespace Tutti.Decisions.Placement;

/// <summary>The nodes a request may use at all: its constraints resolved once per value of a label, and the only node that will do.</summary>
internal sealed class NodeFilter
{
    private readonly Rule[] _rules;

    public NodeFilter(PlacementRequest request, NodeTable table, LabelColumns columns)
    {
        (First, End) = (0, table.Count);
        if (request.Only is { } only)
        {
            var index = table.IndexOf(only);
            (First, End) = index < 0 ? (0, 0) : (index, index + 1);
        }

        _rules = request.Constraints.IsEmpty ? [] : [.. request.Constraints.Select(constraint => Resolve(constraint, columns))];
    }

    /// <summary>Index of the first node to look at.</summary>
    public int First { get; }

    /// <summary>Index after the last one.</summary>
    public int End { get; }

    /// <summary>Whether every constraint holds for the node.</summary>
    public bool Admits(int node)
    {
        foreach (var rule in _rules)
        {
            if (!rule.HoldsFor[rule.ValueOf[node]])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The first constraint that does not hold for the node, or null.</summary>
    public ConstraintSpec? Broken(int node)
    {
        foreach (var rule in _rules)
        {
            if (!rule.HoldsFor[rule.ValueOf[node]])
            {
                return rule.Constraint;
            }
        }

        return null;
    }

    private static Rule Resolve(ConstraintSpec constraint, LabelColumns columns)
    {
        var column = columns.Of(constraint.Label);
        return new Rule(constraint, column.ValueOf, [.. column.Values.Select(value => ConstraintMatch.Holds(constraint, value))]);
    }

    private readonly record struct Rule(ConstraintSpec Constraint, int[] ValueOf, bool[] HoldsFor);
}
