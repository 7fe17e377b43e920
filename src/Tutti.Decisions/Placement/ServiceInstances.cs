namespace Tutti.Decisions.Placement;

/// <summary>How many instances of the service at hand each node has, those of the plan included.</summary>
internal sealed class ServiceInstances
{
    private readonly NodeTable _table;
    private readonly int[] _onNode;
    private readonly Dictionary<string, List<int>?> _planned = new(StringComparer.Ordinal);
    private List<int>? _plannedNow;

    public ServiceInstances(NodeTable table, IReadOnlyList<PlacementRequest> requests)
    {
        _table = table;
        _onNode = new int[table.Count];
        foreach (var request in requests)
        {
            // Only a service with several requests has to be remembered from one to the next.
            if (!_planned.TryAdd(request.Service, null))
            {
                _planned[request.Service] ??= [];
            }
        }
    }

    /// <summary>By node.</summary>
    public ReadOnlySpan<int> OnNode => _onNode;

    /// <summary>Turns to the service of a request.</summary>
    public void Load(PlacementRequest request)
    {
        Array.Clear(_onNode);
        foreach (var (name, count) in request.Existing)
        {
            var node = _table.IndexOf(name);
            if (node >= 0)
            {
                _onNode[node] = count;
            }
        }

        _plannedNow = _planned[request.Service];
        foreach (var node in _plannedNow ?? [])
        {
            _onNode[node]++;
        }
    }

    /// <summary>Counts one more on a node and returns how many there are.</summary>
    public int Add(int node)
    {
        _plannedNow?.Add(node);
        return ++_onNode[node];
    }

    /// <summary>Adds them up by the value of a label.</summary>
    public int[] PerValue(LabelColumn column)
    {
        var sums = new int[column.Values.Count];
        for (var node = 0; node < _onNode.Length; node++)
        {
            sums[column.ValueOf[node]] += _onNode[node];
        }

        return sums;
    }
}
