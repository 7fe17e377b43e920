namespace Tutti.Decisions.Versions.Solving.Search;

// Propagation: what follows from the losses so far, until nothing more follows or a variable has no value left.
internal sealed partial class DomainSearch
{
    private readonly Queue<int> _queue = [];
    private readonly Queue<int> _sumQueue = [];
    private readonly List<int> _unfree = [];

    private bool Propagate()
    {
        while (true)
        {
            while (_edgeQueue.TryDequeue(out var edge))
            {
                if (!Forward(edge) || !Backward(edge))
                {
                    return false;
                }
            }

            if (_queue.TryDequeue(out var variable))
            {
                _variables[variable].Queued = false;
                if (!PropagateVariable(variable))
                {
                    return false;
                }
            }
            else if (_sumQueue.TryDequeue(out var sum))
            {
                if (!PropagateSum(sum))
                {
                    return false;
                }
            }
            else if (!ExpandUnfree())
            {
                return true;
            }
        }
    }

    private bool PropagateVariable(int v)
    {
        if (_variables[v].Sums is { } sums)
        {
            foreach (var sum in sums)
            {
                if (!PropagateSum(sum))
                {
                    return false;
                }
            }
        }

        if (!PropagateClauses(v))
        {
            return false;
        }

        foreach (var edge in _variables[v].Out)
        {
            if (!Forward(edge))
            {
                return false;
            }
        }

        foreach (var edge in _variables[v].In)
        {
            if (!Backward(edge))
            {
                return false;
            }
        }

        return true;
    }

    private bool ExpandUnfree()
    {
        var any = false;
        for (var i = 0; i < _unfree.Count; i++)
        {
            if (_variables[_unfree[i]].Lazy)
            {
                any = true;
                _variables[_unfree[i]].Lazy = false;
                Expand!(_unfree[i]);
            }
        }

        _unfree.Clear();
        return any;
    }

    private void ClearQueues()
    {
        while (_queue.TryDequeue(out var variable))
        {
            _variables[variable].Queued = false;
        }

        _unfree.Clear();
    }
}
