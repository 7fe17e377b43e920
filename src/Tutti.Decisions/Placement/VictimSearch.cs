namespace Tutti.Decisions.Placement;

/// <summary>How much a preemption hurts; the smaller hurts less: first fewer of the more critical victims, then fewer in all, then less memory, then less processor time.</summary>
/// <param name="Weight">Victims by criticality in one number, the most critical in the highest digits.</param>
/// <param name="MemoryBytes">What they reserve.</param>
/// <param name="CpuMillis">What they reserve.</param>
internal readonly record struct Harm(long Weight, long MemoryBytes, long CpuMillis) : IComparable<Harm>
{
    private const int BitsPerLevel = 20;

    public Harm And(Occupant victim) =>
        new(Weight + WeightOf(victim), MemoryBytes + victim.Reserved.Memory.Bytes, CpuMillis + victim.Reserved.Cpu.Millis);

    public int CompareTo(Harm other) => (Weight, MemoryBytes, CpuMillis).CompareTo((other.Weight, other.MemoryBytes, other.CpuMillis));

    /// <summary>One victim of this criticality outweighs any number, up to a million, of less critical ones.</summary>
    public static long WeightOf(Occupant victim) => 1L << (BitsPerLevel * (Model.Lifecycle.Criticality.Sheddable - victim.Criticality));
}

/// <summary>The victims on one node, and their harm.</summary>
internal sealed record VictimSet(Harm Harm, IReadOnlyList<Occupant> Victims);

/// <summary>Finds the victims on one node whose room covers what is lacking and who hurt least.</summary>
/// <remarks>Branch and bound over the occupants, most critical first, from a greedy start. It gives the least harm for sure as long as it needs
/// at most <see cref="MostSteps"/> steps; beyond that it gives the best found so far, still without a victim that needn't go.</remarks>
internal sealed class VictimSearch
{
    /// <summary>Steps of the search on one node.</summary>
    public const int MostSteps = 2_000;

    private readonly List<Occupant> _candidates;
    private readonly (long Cpu, long Memory)[] _sumFrom;
    private readonly (long Cpu, long Memory)[] _largestFrom;
    private readonly List<Occupant> _chosen = [];
    private List<Occupant> _best = [];
    private Harm _bestHarm;
    private int _stepsLeft;

    private VictimSearch(List<Occupant> candidates, int steps)
    {
        _stepsLeft = steps;
        // A fixed order, so that the order in which occupants are listed does not matter.
        candidates.Sort(static (a, b) =>
            (a.Criticality, b.Reserved.Memory, b.Reserved.Cpu).CompareTo((b.Criticality, a.Reserved.Memory, a.Reserved.Cpu)) is var order and not 0
                ? order
                : string.CompareOrdinal(a.Key, b.Key));
        _candidates = candidates;
        _sumFrom = new (long, long)[candidates.Count + 1];
        _largestFrom = new (long, long)[candidates.Count + 1];
        for (var i = candidates.Count - 1; i >= 0; i--)
        {
            var (cpu, memory) = (candidates[i].Reserved.Cpu.Millis, candidates[i].Reserved.Memory.Bytes);
            _sumFrom[i] = (_sumFrom[i + 1].Cpu + cpu, _sumFrom[i + 1].Memory + memory);
            _largestFrom[i] = (Math.Max(_largestFrom[i + 1].Cpu, cpu), Math.Max(_largestFrom[i + 1].Memory, memory));
        }
    }

    /// <summary>Finds them.</summary>
    /// <param name="candidates">Who may go; the list is sorted.</param>
    /// <param name="certain">Who has to go in any case, for a port; not among the candidates.</param>
    /// <param name="lackingCpu">Processor time lacking in thousandths of a core; not positive where there is enough.</param>
    /// <param name="lackingMemory">Memory lacking in bytes; not positive where there is enough.</param>
    /// <param name="steps">Steps of the search; with none it is the greedy choice.</param>
    /// <returns>Null where even all of them do not give enough room.</returns>
    public static VictimSet? Find(List<Occupant> candidates, IReadOnlyList<Occupant> certain, long lackingCpu, long lackingMemory, int steps = MostSteps)
    {
        var harm = default(Harm);
        foreach (var victim in certain)
        {
            harm = harm.And(victim);
            lackingCpu -= victim.Reserved.Cpu.Millis;
            lackingMemory -= victim.Reserved.Memory.Bytes;
        }

        if (lackingCpu <= 0 && lackingMemory <= 0)
        {
            return new VictimSet(harm, certain);
        }

        var search = new VictimSearch(candidates, steps);
        if (!search.Covers(0, lackingCpu, lackingMemory))
        {
            return null;
        }

        search.StartGreedily(harm, lackingCpu, lackingMemory);
        search.Visit(0, harm, lackingCpu, lackingMemory, skippedAlike: false);
        return new VictimSet(search._bestHarm, [.. certain, .. search._best]);
    }

    private bool Covers(int from, long cpu, long memory) => cpu <= _sumFrom[from].Cpu && memory <= _sumFrom[from].Memory;

    private void StartGreedily(Harm harm, long cpu, long memory)
    {
        for (var i = _candidates.Count - 1; i >= 0 && (cpu > 0 || memory > 0); i--)
        {
            _best.Add(_candidates[i]);
            cpu -= _candidates[i].Reserved.Cpu.Millis;
            memory -= _candidates[i].Reserved.Memory.Bytes;
        }

        for (var i = _best.Count - 1; i >= 0; i--)
        {
            var (cpuWithout, memoryWithout) = (cpu + _best[i].Reserved.Cpu.Millis, memory + _best[i].Reserved.Memory.Bytes);
            if (cpuWithout <= 0 && memoryWithout <= 0)
            {
                (cpu, memory) = (cpuWithout, memoryWithout);
                _best.RemoveAt(i);
            }
        }

        _bestHarm = _best.Aggregate(harm, static (sum, victim) => sum.And(victim));
    }

    private void Visit(int from, Harm harm, long cpu, long memory, bool skippedAlike)
    {
        if (cpu <= 0 && memory <= 0)
        {
            if (harm.CompareTo(_bestHarm) < 0)
            {
                (_bestHarm, _best) = (harm, [.. _chosen]);
            }

            return;
        }

        if (!Covers(from, cpu, memory) || _stepsLeft-- <= 0 || harm.Weight + LeastFurther(from, cpu, memory) > _bestHarm.Weight)
        {
            return;
        }

        var candidate = _candidates[from];
        var alike = from + 1 < _candidates.Count && _candidates[from + 1].Criticality == candidate.Criticality && _candidates[from + 1].Reserved == candidate.Reserved;
        Visit(from + 1, harm, cpu, memory, alike);
        // Of several alike the first ones go: any other choice of as many is the same.
        if (!skippedAlike)
        {
            _chosen.Add(candidate);
            Visit(from + 1, harm.And(candidate), cpu - candidate.Reserved.Cpu.Millis, memory - candidate.Reserved.Memory.Bytes, skippedAlike: false);
            _chosen.RemoveAt(_chosen.Count - 1);
        }
    }

    // No fewer victims than the largest ones could do, each as little critical as the least critical one.
    private long LeastFurther(int from, long cpu, long memory)
    {
        var victims = Math.Max(Needed(cpu, _largestFrom[from].Cpu), Needed(memory, _largestFrom[from].Memory));
        return victims * Harm.WeightOf(_candidates[^1]);
    }

    private static long Needed(long lacking, long largest) => lacking <= 0 ? 0 : (lacking + largest - 1) / largest;
}
