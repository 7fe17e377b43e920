namespace Tutti.Decisions.Versions.Solving.Search;

/// <summary>Variables by how often they took part in recent conflicts, the most active first, the older one first among equals.</summary>
/// <remarks>Source: VSIDS (Moskewicz, Madigan, Zhao, Zhang, Malik: Chaff, DAC 2001) in the form of MiniSat (Eén and Sörensson, SAT 2003).</remarks>
internal sealed class ActivityHeap
{
    private const double Decay = 1 / 0.95;
    private const double Largest = 1e100;

    private readonly List<int> _heap = [];
    private readonly List<int> _place = [];
    private readonly List<double> _activity = [];
    private double _step = 1;

    /// <summary>Makes room for the next variable, without putting it in.</summary>
    public void AddVariable()
    {
        _place.Add(-1);
        _activity.Add(0);
    }

    public void Insert(int variable)
    {
        if (_place[variable] < 0)
        {
            _place[variable] = _heap.Count;
            _heap.Add(variable);
            Up(_heap.Count - 1);
        }
    }

    /// <summary>Takes out the most active; -1 where nothing is left.</summary>
    public int Pop()
    {
        if (_heap.Count == 0)
        {
            return -1;
        }

        var top = _heap[0];
        var last = _heap[^1];
        _heap.RemoveAt(_heap.Count - 1);
        _place[top] = -1;
        if (_heap.Count > 0)
        {
            _heap[0] = last;
            _place[last] = 0;
            Down(0);
        }

        return top;
    }

    public void Bump(int variable)
    {
        _activity[variable] += _step;
        if (_activity[variable] > Largest)
        {
            for (var v = 0; v < _activity.Count; v++)
            {
                _activity[v] /= Largest;
            }

            _step /= Largest;
        }

        if (_place[variable] >= 0)
        {
            Up(_place[variable]);
        }
    }

    public void Age() => _step *= Decay;

    private bool Before(int a, int b) => _activity[a] > _activity[b] || (_activity[a] == _activity[b] && a < b);

    private void Up(int at)
    {
        var variable = _heap[at];
        while (at > 0 && Before(variable, _heap[(at - 1) / 2]))
        {
            Move(_heap[(at - 1) / 2], at);
            at = (at - 1) / 2;
        }

        Move(variable, at);
    }

    private void Down(int at)
    {
        var variable = _heap[at];
        while ((2 * at) + 1 < _heap.Count)
        {
            var child = (2 * at) + 1;
            if (child + 1 < _heap.Count && Before(_heap[child + 1], _heap[child]))
            {
                child++;
            }

            if (!Before(_heap[child], variable))
            {
                break;
            }

            Move(_heap[child], at);
            at = child;
        }

        Move(variable, at);
    }

    private void Move(int variable, int to)
    {
        _heap[to] = variable;
        _place[variable] = to;
    }
}
