namespace Tutti.Decisions.Placement;

/// <summary>One label's value on every node, as small numbers.</summary>
/// <param name="ValueOf">Number of the value by node; 0 for a node that lacks the label.</param>
/// <param name="Values">The values by number; the first is null.</param>
internal sealed record LabelColumn(int[] ValueOf, List<string?> Values);

/// <summary>The labels that constraints and spread of one planning ask about, each read from the nodes once.</summary>
internal sealed class LabelColumns(IReadOnlyList<NodeRoom> nodes)
{
    private readonly Dictionary<string, LabelColumn> _columns = new(StringComparer.Ordinal);

    /// <summary>The column of a label.</summary>
    public LabelColumn Of(string label)
    {
        if (!_columns.TryGetValue(label, out var column))
        {
            _columns[label] = column = Read(label);
        }

        return column;
    }

    private LabelColumn Read(string label)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var column = new LabelColumn(new int[nodes.Count], [null]);
        for (var node = 0; node < nodes.Count; node++)
        {
            if (!nodes[node].Labels.TryGetValue(label, out var value))
            {
                continue;
            }

            if (!numbers.TryGetValue(value, out var number))
            {
                numbers[value] = number = column.Values.Count;
                column.Values.Add(value);
            }

            column.ValueOf[node] = number;
        }

        return column;
    }
}
