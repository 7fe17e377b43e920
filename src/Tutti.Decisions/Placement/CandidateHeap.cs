using System.Buffers;

namespace Tutti.Decisions.Placement;

/// <summary>A node that fits a request.</summary>
/// <param name="Score">Higher is better.</param>
/// <param name="Node">Its index; the lower one wins a tie.</param>
internal readonly record struct Candidate(double Score, int Node)
{
    public bool IsBetterThan(in Candidate other) => Score > other.Score || (Score == other.Score && Node < other.Node);
}

/// <summary>The nodes that fit a request, best first: a heap for every value of the spread label, and over those a heap by how few instances
/// each value has. Without spread there is one value.</summary>
internal sealed class CandidateHeap : IDisposable
{
    private Candidate[] _found;
    private Candidate[] _arranged;
    private int _count;
    private Value[] _values = new Value[1];
    private int _valueCount;

    public CandidateHeap(int capacity)
    {
        _found = ArrayPool<Candidate>.Shared.Rent(capacity);
        _arranged = ArrayPool<Candidate>.Shared.Rent(capacity);
    }

    /// <summary>Whether no node is left.</summary>
    public bool IsEmpty => _valueCount == 0;

    /// <summary>The node to use next.</summary>
    public int Best => _found[_values[0].Start].Node;

    /// <summary>Forgets everything.</summary>
    public void Clear() => (_count, _valueCount) = (0, 0);

    /// <summary>Notes a node; <see cref="Arrange()"/> follows the last one.</summary>
    public void Add(double score, int node) => _found[_count++] = new Candidate(score, node);

    /// <summary>Makes the noted nodes one heap.</summary>
    public void Arrange()
    {
        if (_count > 0)
        {
            _values[0] = new Value(0, _count, 0);
            _valueCount = 1;
            Heapify(_values[0]);
        }
    }

    /// <summary>Makes the noted nodes a heap per value.</summary>
    /// <param name="valueOf">Number of the value by node.</param>
    /// <param name="instances">Instances by value.</param>
    public void Arrange(int[] valueOf, int[] instances)
    {
        var ends = new int[instances.Length + 1];
        for (var i = 0; i < _count; i++)
        {
            ends[valueOf[_found[i].Node] + 1]++;
        }

        if (_values.Length < instances.Length)
        {
            _values = new Value[instances.Length];
        }

        for (var value = 0; value < instances.Length; value++)
        {
            var length = ends[value + 1];
            ends[value + 1] += ends[value];
            if (length > 0)
            {
                _values[_valueCount++] = new Value(ends[value], length, instances[value]);
            }
        }

        for (var i = 0; i < _count; i++)
        {
            _arranged[ends[valueOf[_found[i].Node]]++] = _found[i];
        }

        (_found, _arranged) = (_arranged, _found);
        for (var i = 0; i < _valueCount; i++)
        {
            Heapify(_values[i]);
        }

        for (var i = (_valueCount / 2) - 1; i >= 0; i--)
        {
            SinkValue(i);
        }
    }

    /// <summary>Counts an instance for the best node's value, and gives the node its new score.</summary>
    public void Use(double score)
    {
        ref var value = ref _values[0];
        value.Instances++;
        _found[value.Start] = new Candidate(score, Best);
        Sink(value, 0);
        SinkValue(0);
    }

    /// <summary>Counts an instance for the best node's value, and takes the node out: it fits no more.</summary>
    public void UseUp()
    {
        ref var value = ref _values[0];
        value.Instances++;
        value.Length--;
        if (value.Length > 0)
        {
            _found[value.Start] = _found[value.Start + value.Length];
            Sink(value, 0);
        }
        else
        {
            value = _values[--_valueCount];
        }

        SinkValue(0);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<Candidate>.Shared.Return(_found);
        ArrayPool<Candidate>.Shared.Return(_arranged);
    }

    private void Heapify(in Value value)
    {
        for (var i = (value.Length / 2) - 1; i >= 0; i--)
        {
            Sink(value, i);
        }
    }

    private void Sink(in Value value, int from)
    {
        var heap = _found.AsSpan(value.Start, value.Length);
        var sinking = heap[from];
        while (true)
        {
            var child = (2 * from) + 1;
            if (child >= heap.Length)
            {
                break;
            }

            if (child + 1 < heap.Length && heap[child + 1].IsBetterThan(heap[child]))
            {
                child++;
            }

            if (!heap[child].IsBetterThan(sinking))
            {
                break;
            }

            heap[from] = heap[child];
            from = child;
        }

        heap[from] = sinking;
    }

    private void SinkValue(int from)
    {
        while (true)
        {
            var child = (2 * from) + 1;
            if (child >= _valueCount)
            {
                return;
            }

            if (child + 1 < _valueCount && ComesBefore(_values[child + 1], _values[child]))
            {
                child++;
            }

            if (!ComesBefore(_values[child], _values[from]))
            {
                return;
            }

            (_values[from], _values[child]) = (_values[child], _values[from]);
            from = child;
        }
    }

    private bool ComesBefore(in Value one, in Value other) =>
        one.Instances != other.Instances ? one.Instances < other.Instances : _found[one.Start].IsBetterThan(_found[other.Start]);

    private record struct Value(int Start, int Length, int Instances);
}
