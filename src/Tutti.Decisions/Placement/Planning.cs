using System.Collections.Immutable;

namespace Tutti.Decisions.Placement;

/// <summary>One plan in the making.</summary>
internal sealed class Planning : IDisposable
{
    private readonly IReadOnlyList<PlacementRequest> _requests;
    private readonly NodeTable _table;
    private readonly LabelColumns _columns;
    private readonly CandidateHeap _heap;
    private readonly ServiceInstances _instances;
    private readonly Preemption _preemption;
    private readonly ImmutableArray<PlacedInstance>.Builder _placed;
    private readonly ImmutableArray<UnplacedRequest>.Builder _unplaced = ImmutableArray.CreateBuilder<UnplacedRequest>();

    public Planning(PlacementSnapshot snapshot, IReadOnlyList<PlacementRequest> requests)
    {
        _requests = requests;
        _table = new NodeTable(snapshot.Nodes);
        _columns = new LabelColumns(_table.Nodes);
        _heap = new CandidateHeap(_table.Count);
        _instances = new ServiceInstances(_table, requests);
        _preemption = new Preemption(_table, snapshot.OccupantsOf);
        var asked = requests.Sum(request => (long)Math.Max(0, request.Count));
        _placed = ImmutableArray.CreateBuilder<PlacedInstance>((int)Math.Min(asked, 4096));
    }

    /// <summary>Plans every request, the most critical first.</summary>
    public PlacementPlan Run()
    {
        foreach (var index in Enumerable.Range(0, _requests.Count).OrderBy(index => _requests[index].Criticality))
        {
            if (_requests[index].Count > 0)
            {
                Plan(index);
            }
        }

        return new PlacementPlan
        {
            Placed = _placed.DrainToImmutable(),
            Evictions = _preemption.Evictions(),
            Unplaced = _unplaced.DrainToImmutable(),
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _heap.Dispose();
        _table.Dispose();
    }

    private void Plan(int index)
    {
        var request = _requests[index];
        var filter = new NodeFilter(request, _table, _columns);
        _instances.Load(request);
        var left = request.Count - Place(index, request, filter);
        if (left == 0)
        {
            return;
        }

        var keptOn = new HashSet<int>();
        var waiting = Wait(request, filter, left, keptOn);
        if (waiting < left)
        {
            waiting += _preemption.MakeRoom(index, request, filter, left - waiting, keptOn);
        }

        _unplaced.Add(new UnplacedRequest(index, left, waiting, UnplacedReason.Of(_table, request, filter, keptOn)));
    }

    private int Place(int index, PlacementRequest request, NodeFilter filter)
    {
        FindOpen(request, filter);
        Arrange(request);
        var rows = _table.Rows;
        var placed = 0;
        for (; placed < request.Count && !_heap.IsEmpty; placed++)
        {
            var node = _heap.Best;
            ref var row = ref rows[node];
            _table.Take(node, request);
            _placed.Add(new PlacedInstance(index, _table.Nodes[node].Name));
            Advance(request, node, row.OpenCpu, row.OpenMemory, row);
        }

        return placed;
    }

    private int Wait(PlacementRequest request, NodeFilter filter, int count, HashSet<int> keptOn)
    {
        FindLater(request, filter);
        Arrange(request);
        var rows = _table.Rows;
        var waiting = 0;
        for (; waiting < count && !_heap.IsEmpty; waiting++)
        {
            var node = _heap.Best;
            ref var row = ref rows[node];
            _table.Keep(node, request);
            keptOn.Add(node);
            Advance(request, node, row.LaterCpu, row.LaterMemory, row);
        }

        return waiting;
    }

    private void FindOpen(PlacementRequest request, NodeFilter filter)
    {
        _heap.Clear();
        var rows = _table.Rows;
        var own = _instances.OnNode;
        var needs = request.Needs;
        var hasPorts = !request.FixedPorts.IsEmpty;
        for (var node = filter.First; node < filter.End; node++)
        {
            ref readonly var row = ref rows[node];
            if (!row.Closed
                && NodeFit.Check(row.OpenCpu, row.OpenMemory, needs) == FitResult.Fits
                && filter.Admits(node)
                && !(hasPorts && _table.TakenPort(node, request) is not null))
            {
                _heap.Add(Score(row, row.OpenCpu - needs.Cpu.Millis, row.OpenMemory - needs.Memory.Bytes, own[node]), node);
            }
        }
    }

    private void FindLater(PlacementRequest request, NodeFilter filter)
    {
        _heap.Clear();
        var rows = _table.Rows;
        var own = _instances.OnNode;
        var needs = request.Needs;
        for (var node = filter.First; node < filter.End; node++)
        {
            ref readonly var row = ref rows[node];
            if (!row.Closed
                && NodeFit.Check(row.LaterCpu, row.LaterMemory, needs) == FitResult.Fits
                && filter.Admits(node)
                && _table.PortsFreeLater(node, request))
            {
                _heap.Add(Score(row, row.LaterCpu - needs.Cpu.Millis, row.LaterMemory - needs.Memory.Bytes, own[node]), node);
            }
        }
    }

    private void Arrange(PlacementRequest request)
    {
        if (request.Spread is not { } label)
        {
            _heap.Arrange();
            return;
        }

        var column = _columns.Of(label);
        _heap.Arrange(column.ValueOf, _instances.PerValue(column));
    }

    private void Advance(PlacementRequest request, int node, long freeCpu, long freeMemory, in NodeRow row)
    {
        var own = _instances.Add(node);
        if (NodeFit.Check(freeCpu, freeMemory, request.Needs) == FitResult.Fits && request.FixedPorts.IsEmpty)
        {
            _heap.Use(Score(row, freeCpu - request.Needs.Cpu.Millis, freeMemory - request.Needs.Memory.Bytes, own));
        }
        else
        {
            _heap.UseUp();
        }
    }

    // An instance of the same service costs as much as the whole range of the fit, so that instances share a node
    // only once every node that fits has as many of them.
    private static double Score(in NodeRow row, long cpuLeft, long memoryLeft, int own) =>
        FitScore.Of(cpuLeft * row.PerCpu, memoryLeft * row.PerMemory) - own;
}
